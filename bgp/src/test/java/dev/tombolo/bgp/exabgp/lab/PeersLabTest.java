package dev.tombolo.bgp.exabgp.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.speaker.SessionState;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Peers that come, go and change. */
class PeersLabTest extends LabTest {
    @Test
    void tellsANewPeerEverythingAndDisturbsNoOther() throws Exception {
        var first = up(50);
        var second = lab.bird(2, "");
        var watch = new Watch(first, 50);
        lab.put(Lab.routes(2, 30));
        lab.speaker().apply(List.of(Lab.peer(1), Lab.peer(2)));
        lab.awaitTold(2);
        await().atMost(LONG).until(() -> second.count() == 30);
        lab.speaker().apply(List.of(Lab.peer(1)));
        await().atMost(LONG).until(() -> second.count() == 0);
        assertThat(watch.stop()).isEmpty();
        assertThat(lab.status(1).flaps()).isZero();
    }

    @Test
    void doesNotBringBackOldRoutesWithAPeerThatComesBack() throws Exception {
        up(1);
        var second = lab.bird(2, "");
        lab.put(Lab.routes(2, 30));
        lab.speaker().apply(List.of(Lab.peer(1), Lab.peer(2)));
        await().atMost(LONG).until(() -> second.count() == 30);
        lab.speaker().apply(List.of(Lab.peer(1)));
        await().atMost(LONG).until(() -> second.count() == 0);
        lab.speaker().routes().removeAll(Lab.routes(2, 29).keySet());
        lab.speaker().apply(List.of(Lab.peer(1), Lab.peer(2)));
        lab.awaitTold(2);
        await().atMost(LONG).until(() -> second.count() == 1);
    }

    @Test
    void keepsTheFileThatWorksWhenTheNewOneCannotBeRead() throws Exception {
        var bird = up(5);
        String before = Files.readString(lab.config());
        var nonsense =
                new PeerDraft(2).routerId("2001:db8::1").password("geheim").peer();
        lab.speaker().apply(List.of(Lab.peer(1), nonsense));
        await().atMost(LONG)
                .until(() -> lab.speaker().status().configurationProblem().isPresent());
        assertThat(lab.speaker().status().configurationProblem().get())
                .startsWith("ExaBGP can't read its configuration")
                .doesNotContain("geheim");
        assertThat(Files.readString(lab.config())).isEqualTo(before);
        assertThat(bird.count()).isEqualTo(5);
        lab.speaker().apply(List.of(Lab.peer(1)));
        await().atMost(LONG)
                .until(() -> lab.speaker().status().configurationProblem().isEmpty());
    }

    /** ExaBGP cannot start with it, so that nobody can tell it to read another one. */
    @Test
    void writesAFileAnewThatSomebodyHasSpoilt() throws Exception {
        var bird = up(5);
        String before = Files.readString(lab.config());
        lab.exabgp().close();
        Files.writeString(lab.config(), "neighbor 192.0.2.2 {");
        lab.exabgp().start();
        lab.exabgp().supervise();
        awaitResync();
        lab.awaitTold(1);
        assertThat(Files.readString(lab.config())).isEqualTo(before);
        assertThat(bird.count()).isEqualTo(5);
    }

    /** To ExaBGP that is another neighbour, which has been told nothing. */
    @Test
    void tellsEverythingToAPeerWhoseIdentityChanges() throws Exception {
        var bird = up(20);
        lab.speaker().apply(List.of(new PeerDraft(1).routerId("192.0.2.200").peer()));
        await().atMost(LONG).until(() -> Files.readString(lab.config()).contains("router-id 192.0.2.200"));
        await().atMost(LONG).until(() -> sessionsSeen() == 2);
        lab.awaitTold(1);
        await().atMost(LONG).until(() -> bird.count() == 20);
        assertThat(lab.speaker().status().configurationProblem()).isEmpty();
    }

    @Test
    void endsASessionThatIsToBeReset() throws Exception {
        up(5);
        lab.speaker().reset(Lab.id(1));
        await().atMost(LONG).until(() -> lab.status(1).flaps() == 1);
        awaitState(SessionState.ESTABLISHED);
    }
}
