package dev.tombolo.bgp.plan;

import dev.tombolo.bgp.plan.PeerProblem.Kind;
import dev.tombolo.model.bgp.BgpInstance.Router;
import dev.tombolo.model.bgp.BgpPeer.Password;
import dev.tombolo.model.bgp.BgpPeerConfig;
import dev.tombolo.model.bgp.BgpPeerConfigReading;
import java.util.Optional;

/** How a router is to be spoken to; never without a password that was asked for. */
record PeerSettings(PeerInput input) {
    /** What the kernel takes (TCP_MD5SIG_MAXKEYLEN). */
    private static final int LONGEST_PASSWORD = 80;

    sealed interface Outcome {}

    record Found(BgpPeerConfig config, Optional<Password> password) implements Outcome {}

    record Missing(Kind kind, String message) implements Outcome {}

    Outcome of(Router router) {
        if (router.peerConfig().isEmpty()) {
            return new Found(BgpPeerConfig.DEFAULT, Optional.empty());
        }
        String name = router.peerConfig().get();
        return input.peerConfigs().stream()
                .filter(reading -> reading.name().equals(name))
                .findFirst()
                .map(this::of)
                .orElseGet(() ->
                        new Missing(Kind.MISSING_PEER_CONFIG, "there is no " + BgpPeerConfigReading.KIND + " " + name));
    }

    private Outcome of(BgpPeerConfigReading reading) {
        return reading.config()
                .map(config -> config.secret().isEmpty()
                        ? new Found(config, Optional.empty())
                        : withPassword(config, config.secret().get()))
                .orElseGet(() -> new Missing(
                        Kind.PEER_CONFIG_REFUSED,
                        reading.refused().isEmpty()
                                ? BgpPeerConfigReading.KIND + " " + reading.name() + " is not in force"
                                : reading.refused().getFirst().toString()));
    }

    private Outcome withPassword(BgpPeerConfig config, String secret) {
        var password = input.passwords().get(secret);
        if (password == null) {
            return new Missing(Kind.SECRET_UNREAD, "Secret " + secret + " was not looked for yet");
        }
        if (password.isEmpty()) {
            return new Missing(
                    Kind.MISSING_AUTH_SECRET,
                    "there is no Secret " + secret
                            + " in namespace kube-system with a key password that is not empty; the peer stays down, because "
                            + "it was to have one");
        }
        return isUsable(password.get().text())
                ? new Found(config, password)
                : new Missing(
                        Kind.MISSING_AUTH_SECRET,
                        "the password of Secret " + secret + " cannot be one of TCP MD5, which has 1 to "
                                + LONGEST_PASSWORD + " letters of ASCII and no end of line");
    }

    /** Others are different bytes at different routers, and the speaker's configuration is made of lines. */
    private static boolean isUsable(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_PASSWORD
                && text.chars().allMatch(letter -> letter >= ' ' && letter <= '~');
    }
}
