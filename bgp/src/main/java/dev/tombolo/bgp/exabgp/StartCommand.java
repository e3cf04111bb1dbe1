package dev.tombolo.bgp.exabgp;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How ExaBGP is to be started for this package to talk to it, wherever that is: the sidecar's image and the lab alike. */
public record StartCommand(Path program, Path configuration) {
    /** Where Debian's package has it. */
    public static final Path PROGRAM = Path.of("/usr/sbin/exabgp");

    public List<String> words() {
        return List.of(program.toString(), configuration.toString());
    }

    /** Only looks whether ExaBGP can read the file, and ends. */
    List<String> test() {
        return List.of(program.toString(), "--test", configuration.toString());
    }

    /**
     * Of the one that holds sessions.
     *
     * @param nodelay sends each message of a session at once, see {@code src/main/c/nodelay}
     */
    public static Map<String, String> environment(Path nodelay) {
        var all = new TreeMap<>(environment());
        all.put("LD_PRELOAD", nodelay.toString());
        return all;
    }

    static Map<String, String> environment() {
        var settings = new TreeMap<String, String>();
        // Answers are the only sign of a command that was not understood.
        settings.put("exabgp_api_ack", "true");
        // The fifth death of a helper within a minute ends ExaBGP; without this the first one does.
        settings.put("exabgp_api_respawn", "true");
        settings.put("exabgp_api_terminate", "false");
        // It would look for two named pipes and, with them, let another program speak.
        settings.put("exabgp_api_cli", "false");
        // Lines of an answer per turn of its loop: 1 makes reading 100,000 routes take a minute.
        settings.put("exabgp_api_chunk", "20");
        // A turn waits for a hundredth of this many seconds: 1 is 2,000 routes a second, 0.1 is 19,000.
        settings.put("exabgp_reactor_speed", "0.1");
        // TCP MD5 and the file with the secrets are for root; without this it becomes a user that need not be there.
        settings.put("exabgp_daemon_user", "root");
        settings.put("exabgp_daemon_daemonize", "false");
        // It calls routers, they don't call it.
        settings.put("exabgp_tcp_bind", "");
        settings.put("exabgp_log_level", "WARNING");
        settings.put("exabgp_log_destination", "stderr");
        return settings;
    }
}
