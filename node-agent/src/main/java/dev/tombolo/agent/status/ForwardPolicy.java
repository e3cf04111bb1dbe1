package dev.tombolo.agent.status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The FORWARD chains of iptables as they are, of both its back ends; where there is no iptables nothing drops. */
public final class ForwardPolicy {
    /** Tables of the old back end that the kernel has; asking that back end would make it load them. */
    private static final Path OLD_TABLES = Path.of("/proc/net/ip_tables_names");

    private ForwardPolicy() {}

    /** One listing behind the other; each begins with the chain's policy. */
    public static String rules() {
        return rules("iptables-nft") + (oldOneIsUsed() ? rules("iptables-legacy") : "");
    }

    private static boolean oldOneIsUsed() {
        try {
            return Files.readAllLines(OLD_TABLES).contains("filter");
        } catch (IOException neverLoaded) {
            return false;
        }
    }

    private static String rules(String command) {
        try {
            var process = new ProcessBuilder(command, "-w", "2", "-S", "FORWARD")
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
