<?php
// Recipe for PHP: curl connects the host name of WeChat Pay to the simulator and trusts its certificate authority. The two
// options of connected() are all that a library needs; for Guzzle: ['verify' => $authority, 'curl' => [CURLOPT_CONNECT_TO => …]].

function connected(array $options): array
{
    $tls = parse_url(getenv('SIMULATOR_TLS_URL'));
    return $options + [
        CURLOPT_CONNECT_TO => ["api.mch.weixin.qq.com:443:{$tls['host']}:{$tls['port']}"],
        CURLOPT_CAINFO => getenv('CLIENTS_DIR') . '/ca.pem',
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_PROXY => '',
    ];
}

function send(string $url, array $options): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, $options);
    $answer = curl_exec($curl);
    if ($answer === false) {
        throw new RuntimeException(curl_error($curl));
    }
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), json_decode($answer, true)];
}

$control = fn (string $path, ?array $body = null): array => send(getenv('SIMULATOR_URL') . "/_simulator/$path",
    [CURLOPT_RETURNTRANSFER => true, CURLOPT_PROXY => ''] + ($body ? [CURLOPT_POSTFIELDS => json_encode($body)] : []))[1];
$account = $control('account');

$call = function (string $method, string $path, string $body = '') use ($account): array {
    [$time, $nonce] = [time(), bin2hex(random_bytes(16))];
    openssl_sign("$method\n$path\n$time\n$nonce\n$body\n", $raw, $account['merchant_private_key_pem'], OPENSSL_ALGO_SHA256);
    $signature = base64_encode($raw);
    $headers = [
        'Accept: application/json', 'Content-Type: application/json', 'User-Agent: recipe',
        "Authorization: WECHATPAY2-SHA256-RSA2048 mchid=\"{$account['mch_id']}\",nonce_str=\"$nonce\",signature=\"$signature\","
            . "timestamp=\"$time\",serial_no=\"{$account['merchant_serial']}\"",
    ];
    $options = [CURLOPT_CUSTOMREQUEST => $method, CURLOPT_HTTPHEADER => $headers] + ($body === '' ? [] : [CURLOPT_POSTFIELDS => $body]);
    return send("https://api.mch.weixin.qq.com$path", connected($options));
};

[$status, $placed] = $call('POST', '/v3/pay/transactions/native', json_encode([
    'appid' => $account['appid'], 'mchid' => $account['mch_id'], 'description' => 'tea', 'out_trade_no' => 'phporder1',
    'notify_url' => 'https://shop.example/notify', 'amount' => ['total' => 100],
]));
if ($status !== 200) {
    throw new RuntimeException(json_encode($placed));
}
$control('pay', ['code_url' => $placed['code_url'], 'outcome' => 'ok']);
[, $order] = $call('GET', "/v3/pay/transactions/out-trade-no/phporder1?mchid={$account['mch_id']}");
if ($order['trade_state'] !== 'SUCCESS') {
    throw new RuntimeException($order['trade_state']);
}
echo "php: an order is paid\n";
