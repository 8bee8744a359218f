// Recipe for Go: the client connects the host name of WeChat Pay to the simulator and trusts its certificate authority;
// everything else is as in production. wechatpay-go takes this client with option.WithHTTPClient(client(…)).
package recipe

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// client connects api.mch.weixin.qq.com to the TLS listener of the simulator.
func client(tlsURL, authority string) *http.Client {
	at, _ := url.Parse(tlsURL)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(authority))
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == "api.mch.weixin.qq.com:443" {
				address = at.Host
			}
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
		TLSClientConfig: &tls.Config{RootCAs: roots},
	}}
}

type account struct {
	Appid      string `json:"appid"`
	MchID      string `json:"mch_id"`
	Serial     string `json:"merchant_serial"`
	PrivateKey string `json:"merchant_private_key_pem"`
	Authority  string `json:"ca_pem"`
}

// send decodes the answer into its second argument. An answer other than 200 is an error.
func send(t *testing.T, by *http.Client, request *http.Request, into interface{}) {
	t.Helper()
	answer, err := by.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != 200 {
		t.Fatalf("%s: %s %s", request.URL, answer.Status, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatal(err)
	}
}

// signed is a V3 request with its signature.
func signed(t *testing.T, who account, method, path, body string) *http.Request {
	t.Helper()
	block, _ := pem.Decode([]byte(who.PrivateKey))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	now, nonce := time.Now().Unix(), fmt.Sprintf("%x", time.Now().UnixNano())
	hash := sha256.Sum256([]byte(fmt.Sprintf("%s\n%s\n%d\n%s\n%s\n", method, path, now, nonce, body)))
	raw, err := rsa.SignPKCS1v15(rand.Reader, key.(*rsa.PrivateKey), crypto.SHA256, hash[:])
	if err != nil {
		t.Fatal(err)
	}
	request, _ := http.NewRequest(method, "https://api.mch.weixin.qq.com"+path, strings.NewReader(body))
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", fmt.Sprintf(
		`WECHATPAY2-SHA256-RSA2048 mchid="%s",nonce_str="%s",signature="%s",timestamp="%d",serial_no="%s"`,
		who.MchID, nonce, base64.StdEncoding.EncodeToString(raw), now, who.Serial))
	return request
}

func TestAnOrderIsPaid(t *testing.T) {
	controls := os.Getenv("SIMULATOR_URL") + "/_simulator/"
	var who account
	request, _ := http.NewRequest("GET", controls+"account", nil)
	send(t, http.DefaultClient, request, &who)
	wechat := client(os.Getenv("SIMULATOR_TLS_URL"), who.Authority)

	body, _ := json.Marshal(map[string]interface{}{
		"appid": who.Appid, "mchid": who.MchID, "description": "tea", "out_trade_no": "goorder1",
		"notify_url": "https://shop.example/notify", "amount": map[string]int{"total": 100},
	})
	var placed struct {
		CodeURL string `json:"code_url"`
	}
	send(t, wechat, signed(t, who, "POST", "/v3/pay/transactions/native", string(body)), &placed)

	var order struct {
		State string `json:"trade_state"`
	}
	paid := fmt.Sprintf(`{"code_url":"%s","outcome":"ok"}`, placed.CodeURL)
	request, _ = http.NewRequest("POST", controls+"pay", strings.NewReader(paid))
	send(t, http.DefaultClient, request, &order)
	path := "/v3/pay/transactions/out-trade-no/goorder1?mchid=" + who.MchID
	send(t, wechat, signed(t, who, "GET", path, ""), &order)
	if order.State != "SUCCESS" {
		t.Fatal(order.State)
	}
}
