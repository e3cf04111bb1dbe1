package dev.tombolo.bgp.exabgp.lab;

import static dev.tombolo.bgp.exabgp.lab.ScriptedRouter.keepAlive;
import static dev.tombolo.bgp.exabgp.lab.ScriptedRouter.message;
import static dev.tombolo.bgp.exabgp.lab.ScriptedRouter.notification;
import static dev.tombolo.bgp.exabgp.lab.ScriptedRouter.open;
import static dev.tombolo.bgp.exabgp.lab.ScriptedRouter.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.exabgp.lab.ScriptedRouter.Script;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routers that say what no good router says, many at once at one ExaBGP. */
class ScriptedRouterTest {
    private static final int ROUTES = 5;

    private final List<ScriptedRouter> routers = new ArrayList<>();
    private Lab lab;

    @BeforeEach
    void setUp() throws IOException {
        lab = Lab.onLoopback();
    }

    @AfterEach
    void tearDown() throws IOException {
        for (var router : routers) {
            router.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void eachNotificationIsSaidAndTheNextSessionHasAllRoutes() throws Exception {
        var said = new LinkedHashMap<byte[], String>();
        said.put(notification(1, 2, ""), "received 1/2 (malformed message header)");
        said.put(notification(2, 2, ""), "received 2/2 (wrong AS number)");
        said.put(notification(2, 6, ""), "received 2/6 (hold time refused)");
        said.put(
                notification(2, 7, ""), "received 2/7 (no address family in common, or another capability is missing)");
        said.put(notification(3, 11, ""), "received 3/11 (a route it can't take)");
        said.put(notification(4, 0, ""), "received 4/0 (hold timer expired)");
        said.put(notification(5, 0, ""), "received 5/0 (message out of turn)");
        said.put(notification(6, 1, ""), "received 6/1 (too many prefixes)");
        said.put(notification(6, 2, ""), "received 6/2 (shut down by its administrator)");
        said.put(
                notification(6, 2, "\"zwölf\" \\ {Uhr}\n"),
                "received 6/2 (shut down by its administrator): \"zwölf\" \\ {Uhr} ");
        said.put(notification(6, 3, ""), "received 6/3 (peer removed from its configuration)");
        said.put(notification(6, 5, ""), "received 6/5 (connection refused)");
        said.put(notification(6, 8, ""), "received 6/8 (out of resources)");
        said.put(notification(6, 10, ""), "received 6/10 (BFD down)");
        said.put(notification(9, 200, ""), "received 9/200 (of a kind unknown)");
        for (byte[] bytes : said.keySet()) {
            add(Script.onceEstablished(bytes));
        }
        start();
        awaitReasons(List.copyOf(said.values()));
        awaitAllBack();
    }

    @Test
    void whatCannotBeReadIsSaidAndTheNextSessionHasAllRoutes() throws Exception {
        byte[] unmarked = keepAlive();
        unmarked[3] = 0;
        byte[] tooLong = keepAlive();
        tooLong[16] = 0x7f;
        var said = new LinkedHashMap<Script, String>();
        said.put(Script.onceEstablished(unmarked), "sent 1/1 (malformed message header)");
        said.put(Script.onceEstablished(tooLong), "sent 1/2 (malformed message header)");
        said.put(Script.onceEstablished(message(77)), "ended by ExaBGP, which does not say why");
        said.put(Script.onceEstablished(update()), "sent 1/2 (malformed message header)");
        said.put(Script.onceEstablished(message(3)), "sent 1/2 (malformed message header)");
        said.put(Script.insteadOfOpen(keepAlive()), "sent 5/1 (message out of turn)");
        said.put(
                Script.insteadOfOpen(open(asn(7), 90, 3)),
                "sent 1/0 (malformed message header): no sense in a message of type \"1\"");
        said.put(Script.insteadOfOpen(open(asn(8), 1, 4)), "sent 2/6 (hold time refused)");
        said.put(Script.insteadOfOpen(open(64_999, 90, 4)), "sent 2/2 (wrong AS number): ASN in OPEN (64999)");
        for (var script : said.keySet()) {
            add(script);
        }
        start();
        awaitReasons(List.copyOf(said.values()));
        awaitAllBack();
    }

    /** Nothing of it is used, so nothing of it can end a session. */
    @Test
    void anUpdateThatCannotBeReadIsNoFault() throws Exception {
        add(Script.onceEstablished(
                update(0, 9, 1, 2), update(0, 0, 0, 3, 0x40, 1, 1, 7), update(0, 0, 0, 0, 33, 1, 2, 3, 4)));
        start();
        await().atMost(Lab.LONG).until(() -> routers.getFirst().routes() == ROUTES);
        routers.getFirst().awaitKeepalives(2);
        assertThat(status(1).state()).isEqualTo(SessionState.ESTABLISHED);
        assertThat(status(1).flaps()).isZero();
        assertThat(routers.getFirst().connections()).isEqualTo(1);
    }

    @Test
    void aRouterThatSaysNothingIsSaidToDoSo() throws Exception {
        add(Script.insteadOfOpen());
        start();
        awaitReasons(List.of("connected, but the router does not say who it is"));
    }

    private static long asn(int router) {
        return Lab.asnOf(router).number();
    }

    private void add(Script script) throws IOException {
        int number = routers.size() + 1;
        routers.add(new ScriptedRouter(address(number), asn(number), script));
    }

    private static String address(int router) {
        return "127.0.9." + router;
    }

    private void start() throws IOException {
        var peers = new ArrayList<BgpPeer>();
        for (int number = 1; number <= routers.size(); number++) {
            peers.add(new PeerDraft(number)
                    .at("127.0.0.1", address(number), routers.get(number - 1).port())
                    .holdTime(3)
                    .only(BgpFamily.IPV4)
                    .peer());
        }
        lab.start(peers.toArray(BgpPeer[]::new));
        for (int number = 1; number <= routers.size(); number++) {
            lab.put(Lab.routes(number, ROUTES));
        }
        lab.speaker().allRoutesPut();
    }

    private void awaitReasons(List<String> reasons) {
        await().atMost(Lab.LONG)
                .untilAsserted(() -> assertThat(numbered(reasons))
                        .allSatisfy((number, reason) ->
                                assertThat(status(number).reason().orElse("")).startsWith(reason)));
    }

    private static Map<Integer, String> numbered(List<String> reasons) {
        var numbered = new LinkedHashMap<Integer, String>();
        reasons.forEach(reason -> numbered.put(numbered.size() + 1, reason));
        return numbered;
    }

    private void awaitAllBack() {
        routers.forEach(ScriptedRouter::behave);
        await().atMost(Lab.LONG).untilAsserted(() -> {
            for (int number = 1; number <= routers.size(); number++) {
                assertThat(status(number).state()).isEqualTo(SessionState.ESTABLISHED);
                assertThat(routers.get(number - 1).routes()).isEqualTo(ROUTES);
            }
        });
    }

    private PeerStatus status(int router) {
        return Optional.ofNullable(lab.speaker().status().peers().get(Lab.id(router)))
                .orElseThrow();
    }
}
