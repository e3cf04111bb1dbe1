package dev.tombolo.bgp.exabgp.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of a router that does not do as it should, and that all is well once it does. */
class RouterFaultsTest extends LabTest {
    private static final int ROUTES = 20;

    @ParameterizedTest
    @EnumSource
    void aRouterThatDiesAndListensNoMore(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        up(router, ROUTES);
        router.kill();
        awaitReason("no connection to 192.0.2.2 port 179: refused, or unreachable");
        router.start(Router.Setup.PLAIN);
        awaitAllBack(router);
    }

    @ParameterizedTest
    @EnumSource
    void aWrongAsNumber(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        router.start(Router.Setup.PLAIN);
        begin(new PeerDraft(1).asn(64_999));
        awaitReason("wrong AS number");
        assertThat(lab.status(1).lastNotification()).isPresent();
        lab.speaker().apply(List.of(Lab.peer(1)));
        awaitAllBack(router);
    }

    /** Our kernel drops what has the wrong digest, and so does the router's: nobody says a word. */
    @ParameterizedTest
    @EnumSource
    void aWrongPassword(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        router.start(Router.Setup.withPassword("geheim"));
        begin(new PeerDraft(1).password("falsch"));
        awaitReason("no answer: unreachable, a firewall, or another password");
        lab.speaker().apply(List.of(new PeerDraft(1).password("geheim").peer()));
        awaitAllBack(router);
    }

    @ParameterizedTest
    @EnumSource
    void aLinkThatCarriesNothingAnyMore(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        router.start(Router.Setup.PLAIN);
        begin(new PeerDraft(1).holdTime(3));
        awaitAllBack(router);
        lab.cut(1);
        awaitReason("hold timer expired");
        assertThat(lab.status(1).flaps()).isEqualTo(1);
        lab.heal();
        awaitAllBack(router);
    }

    @ParameterizedTest
    @EnumSource
    void aRouterWhoseAdministratorShutsTheSessionDown(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        up(router, ROUTES);
        router.shutDown();
        awaitReason("received 6/2 (shut down by its administrator)");
        router.clear();
        awaitAllBack(router);
    }

    @ParameterizedTest
    @EnumSource
    void moreRoutesThanTheRouterTakes(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        router.start(Router.Setup.withAtMost(ROUTES));
        begin(new PeerDraft(1));
        awaitAllBack(router);
        var more = Lab.routes(1, ROUTES + 5);
        lab.put(more);
        awaitReason("received 6/1 (too many prefixes)");
        more.keySet().removeAll(Lab.routes(1, ROUTES).keySet());
        lab.speaker().routes().removeAll(more.keySet());
        router.clear();
        awaitAllBack(router);
    }

    @ParameterizedTest
    @EnumSource
    void aFamilyThatTheRouterDoesNotTake(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        router.start(Router.Setup.only(BgpFamily.IPV4));
        begin(new PeerDraft(1));
        var v6 = new RouteKey(Lab.id(1), Prefix.parse("2001:db8:7::/48"));
        lab.put(Map.of(v6, PathAttributes.to(IpAddress.parse("2001:db8:0:1::1"))));
        awaitAllBack(router);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(lab.status(1).refused())
                        .containsEntry(v6.prefix(), "the peer does not take ipv6/unicast"));
        router.start(Router.Setup.PLAIN);
        await().atMost(LONG).until(() -> router.countV6() == 1);
        awaitAllBack(router);
        assertThat(lab.status(1).refused()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void noFamilyThatBothTake(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        router.start(Router.Setup.only(BgpFamily.IPV6));
        lab.start(new PeerDraft(1).only(BgpFamily.IPV4).peer());
        lab.put(Lab.routes(1, ROUTES));
        lab.speaker().allRoutesPut();
        awaitReason("no address family in common");
        lab.speaker().apply(List.of(Lab.peer(1)));
        router.start(Router.Setup.PLAIN);
        awaitAllBack(router);
    }

    private void begin(PeerDraft peer) throws Exception {
        lab.start(peer.peer());
        lab.put(Lab.routes(1, ROUTES));
        lab.speaker().allRoutesPut();
    }

    private void awaitReason(String words) {
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(lab.status(1).reason())
                        .hasValueSatisfying(reason -> assertThat(reason).contains(words)));
        assertThat(lab.status(1).state()).isNotEqualTo(SessionState.ESTABLISHED);
    }

    /** And nothing is said of what was. */
    private void awaitAllBack(Router router) {
        awaitState(SessionState.ESTABLISHED);
        lab.awaitTold(1);
        awaitCount(router, ROUTES);
        assertThat(lab.status(1).reason()).isEmpty();
    }
}
