//! The load balancer in front of the servers: it gives each connection to a server that is alive.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};

/// Listens on a port of its own, as a proxy does before several servers.
pub(crate) async fn start(servers: Vec<SocketAddr>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let turn = AtomicUsize::new(0);
        while let Ok((client, _)) = listener.accept().await {
            let first = turn.fetch_add(1, Ordering::Relaxed);
            let order: Vec<_> = (0..servers.len()).map(|at| servers[(first + at) % servers.len()]).collect();
            tokio::spawn(pass(client, order));
        }
    });
    address
}

async fn pass(mut client: TcpStream, servers: Vec<SocketAddr>) {
    for server in servers {
        if let Ok(mut server) = TcpStream::connect(server).await {
            // a server that is killed breaks the connection off: that is what is to be tried
            let _ = copy_bidirectional(&mut client, &mut server).await;
            return;
        }
    }
}
