import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recipe for Java: the code and its library stay as in production. The JVM gets the address of WeChat Pay from a hosts file
 * (-Djdk.net.hosts.file) and trusts the simulator's authority (-Djavax.net.ssl.trustStore). The TLS listener must be on port 443,
 * because a hosts file has no ports; run.sh shows both. wechatpay-java needs nothing more.
 */
public final class Recipe {
    private static final String WECHAT = "https://api.mch.weixin.qq.com";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static String account;

    public static void main(String[] arguments) throws Exception {
        account = control("account", null);
        String body = "{\"appid\":\"" + of(account, "appid") + "\",\"mchid\":\"" + of(account, "mch_id")
            + "\",\"description\":\"tea\",\"out_trade_no\":\"javaorder1\",\"notify_url\":\"https://shop.example/notify\","
            + "\"amount\":{\"total\":100}}";
        String codeUrl = of(call("POST", "/v3/pay/transactions/native", body), "code_url");
        control("pay", "{\"code_url\":\"" + codeUrl + "\",\"outcome\":\"ok\"}");
        String order = call("GET", "/v3/pay/transactions/out-trade-no/javaorder1?mchid=" + of(account, "mch_id"), "");
        if (!of(order, "trade_state").equals("SUCCESS")) throw new IllegalStateException(order);
        System.out.println("java: an order is paid");
    }

    private static String call(String method, String path, String body) throws Exception {
        long time = System.currentTimeMillis() / 1000;
        String nonce = UUID.randomUUID().toString().replace("-", "");
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(key());
        signer.update((method + "\n" + path + "\n" + time + "\n" + nonce + "\n" + body + "\n").getBytes(StandardCharsets.UTF_8));
        String signature = Base64.getEncoder().encodeToString(signer.sign());
        String authorization = "WECHATPAY2-SHA256-RSA2048 mchid=\"" + of(account, "mch_id") + "\",nonce_str=\"" + nonce
            + "\",signature=\"" + signature + "\",timestamp=\"" + time + "\",serial_no=\"" + of(account, "merchant_serial") + "\"";
        return send(HttpRequest.newBuilder(URI.create(WECHAT + path)).header("Authorization", authorization)
            .header("Accept", "application/json").header("Content-Type", "application/json").header("User-Agent", "recipe")
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build());
    }

    private static String control(String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(System.getenv("SIMULATOR_URL") + "/_simulator/" + path));
        return send(body == null ? request.build() : request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    private static String send(HttpRequest request) throws Exception {
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        return answer.body();
    }

    private static PrivateKey key() throws Exception {
        String pem = of(account, "merchant_private_key_pem").replaceAll("-----[A-Z ]+-----|\\\\n|\\\\r", "");
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
    }

    /** The text of a member. */
    private static String of(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        if (!found.find()) throw new IllegalStateException("no " + name + " in " + json);
        return found.group(1);
    }
}
