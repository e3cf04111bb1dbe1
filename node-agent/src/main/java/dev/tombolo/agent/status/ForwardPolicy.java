package dev.tombolo.agent.status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The FORWARD chain of iptables as it is; where there is no iptables there is nothing that drops. */
public final class ForwardPolicy {
    private ForwardPolicy() {}

    public static String rules() {
        try {
            var process = new ProcessBuilder("iptables", "-w", "2", "-S", "FORWARD")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(3, TimeUnit.SECONDS) ? text : "";
        } catch (IOException noIptables) {
            return "";
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
