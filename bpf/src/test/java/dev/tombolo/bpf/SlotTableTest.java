package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tombolo.bpf.service.BackendKey;
import dev.tombolo.bpf.service.BackendRow;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.bpf.service.ServiceSlot;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services with many backends, or with weights, in the kernel's maps; and where connections from outside go then. */
@Timeout(60)
class SlotTableTest {
    private static final String WEB = "192.0.2.10:80";
    private static final ServiceKey KEY = OutsideObject.key(WEB, Protocol.TCP);
    private static final int MANY = 16_381;
    private static final int FEW = 4_093;
    private static final int CLIENTS = 400;
    private static final List<String> HUNDRED =
            IntStream.range(0, 100).mapToObj(n -> "10.1.0." + n + ":8080").toList();

    private OutsideObject outside;

    @BeforeEach
    void load() throws Exception {
        outside = new OutsideObject(4_096);
    }

    @AfterEach
    void close() {
        if (outside != null) {
            outside.close();
        }
    }

    @Test
    void nodesChooseAlikeAndWhoLeavesMovesFewOfTheOthers() throws Exception {
        put(HUNDRED);
        var here = choices();
        assertThat(Set.copyOf(here.values())).hasSizeGreaterThan(90);
        close();
        load();
        put(HUNDRED.subList(50, 60));
        put(HUNDRED);
        assertThat(choices()).as("where others were there first").isEqualTo(here);
        close();
        load();
        put(HUNDRED.subList(1, 100));
        var fewer = choices();
        long moved = here.keySet().stream()
                .filter(client -> !here.get(client).equals(HUNDRED.getFirst()))
                .filter(client -> !here.get(client).equals(fewer.get(client)))
                .count();
        assertThat(moved).isLessThanOrEqualTo(CLIENTS * 15L / 1_000);
    }

    @Test
    void aBackendThatIsNotActiveIsSkippedUntilItsSlotsAreWritten() throws Exception {
        put(HUNDRED);
        var before = choices();
        int id = idOf(HUNDRED.get(42));
        var row = outside.backends.lookup(new BackendKey(id)).orElseThrow();
        close();
        load();
        put(HUNDRED);
        outside.backends.put(
                new BackendKey(id),
                new BackendRow(
                        row.address(), row.port(), row.clusterId(), BackendState.QUARANTINED, row.serviceId(), 1));
        var during = choices();
        assertThat(before).containsValue(HUNDRED.get(42));
        assertThat(during).doesNotContainValue(HUNDRED.get(42)).hasSameSizeAs(before);
        before.forEach((client, backend) -> {
            if (!backend.equals(HUNDRED.get(42))) {
                assertThat(during).containsEntry(client, backend);
            }
        });
    }

    @Test
    void connectionsAreSharedByWeight() throws Exception {
        put(List.of("10.1.0.1:8080 ACTIVE 3", "10.1.0.2:8080 ACTIVE 1"));
        double first =
                choices().values().stream().filter("10.1.0.1:8080"::equals).count();
        assertThat(first / CLIENTS).isCloseTo(0.75, within(0.06));
    }

    @Test
    void ofATableThatStaysAsLargeOnlySlotsThatChangeAreWritten() throws Exception {
        put(HUNDRED);
        var before = outside.slots.entries();
        put(HUNDRED.subList(0, 99));
        var after = outside.slots.entries();
        assertThat(after.keySet()).as("in place").isEqualTo(before.keySet()).hasSize(MANY);
        var changed = after.keySet().stream()
                .filter(slot -> !after.get(slot).equals(before.get(slot)))
                .count();
        assertThat(changed).isBetween(MANY / 100L, MANY * 3L / 100);
        assertThat(outside.backends.count()).isEqualTo(99);
    }

    @Test
    void listsAndTablesOfOtherSizesTakeTurns() throws Exception {
        for (int count : List.of(100, 2, 33, 32, 100)) {
            put(HUNDRED.subList(0, count));
            assertThat(outside.slots.count()).isEqualTo(count > 32 ? MANY : count);
            assertThat(choices().values()).hasSize(CLIENTS);
        }
        put(List.of("10.1.0.1:8080 ACTIVE 3", "10.1.0.2:8080"));
        assertThat(outside.slots.count()).isEqualTo(FEW);
        outside.remove(WEB, Protocol.TCP);
        assertThat(outside.slots.count()).isZero();
        assertThat(outside.backends.count()).isZero();
    }

    @Test
    void aRestartFindsWhatWasWrittenAndWritesNothing() throws Exception {
        var entry = put(Stream.concat(HUNDRED.stream().map(place -> place + " ACTIVE 5"), Stream.of("10.2.0.1:8080"))
                .toList());
        var before = outside.slots.entries();
        var restarted = outside.restarted();
        assertThat(restarted.observe()).isEqualTo(Map.of(KEY, entry));
        restarted.put(KEY, entry);
        assertThat(outside.slots.entries()).isEqualTo(before);
    }

    @Test
    void aTableThatWasWrittenHalfIsFoundOutAndFinished() throws Exception {
        var entry = put(HUNDRED);
        var whole = outside.slots.entries();
        var slot = whole.keySet().iterator().next();
        outside.slots.put(slot, new ServiceSlot(whole.get(slot).backendId() % 100 + 1));
        assertThat(outside.services.observe()).isNotEqualTo(Map.of(KEY, entry));
        outside.services.put(KEY, entry);
        assertThat(outside.services.observe()).isEqualTo(Map.of(KEY, entry));
        assertThat(outside.slots.entries()).isEqualTo(whole);
    }

    @Test
    void aFullMapLeavesTheTableThatWasThere() throws Exception {
        close();
        outside = new OutsideObject(4_096, Map.of("svc_backend", 100));
        put(HUNDRED);
        var slots = outside.slots.entries();
        var backends = outside.backends.entries();
        var more = new ArrayList<>(HUNDRED.subList(2, 100));
        more.addAll(List.of("10.2.0.1:8080", "10.2.0.2:8080", "10.2.0.3:8080"));
        assertThatThrownBy(() -> put(more)).isInstanceOf(BpfException.class).hasMessageContaining("E2BIG");
        assertThat(outside.slots.entries()).isEqualTo(slots);
        assertThat(outside.backends.entries()).isEqualTo(backends);
        put(HUNDRED.subList(1, 100));
    }

    @Test
    void slotsThatWereWrittenInPlaceAreTakenBack() throws Exception {
        close();
        outside = new OutsideObject(4_096, Map.of("svc_source", 1));
        put(HUNDRED);
        var slots = outside.slots.entries();
        var ranges = Set.of(Prefix.parse("198.51.100.0/24"), Prefix.parse("203.0.113.0/24"));
        var rows = HUNDRED.subList(2, 99).stream().map(OutsideObject::backend).toList();
        var tooMany = new ServiceEntry(rows, true, Clients.of(Reach.OUTSIDE, Optional.of(ranges)));
        assertThatThrownBy(() -> outside.services.put(KEY, tooMany)).isInstanceOf(BpfException.class);
        assertThat(outside.slots.entries()).isEqualTo(slots);
    }

    @Test
    void aServiceWhoseTableDoesNotFitHasAListUntilThereIsRoom() throws Exception {
        close();
        outside = new OutsideObject(4_096, Map.of("svc_slot", 3 * MANY));
        var other = OutsideObject.key("192.0.2.11:80", Protocol.TCP);
        outside.service("192.0.2.11:80", Protocol.TCP, Reach.OUTSIDE, HUNDRED.toArray(String[]::new));
        var entry = put(HUNDRED);
        assertThat(outside.slots.count()).isEqualTo(MANY + 100);
        assertThat(outside.services.withoutTable()).isEqualTo(1);
        assertThat(choices().values()).hasSize(CLIENTS);
        assertThat(outside.services.observe()).as("as good as it gets").containsEntry(KEY, entry);

        outside.services.remove(other);
        assertThat(outside.services.observe()).isNotEqualTo(Map.of(KEY, entry));
        outside.services.put(KEY, entry);
        assertThat(outside.slots.count()).isEqualTo(MANY);
        assertThat(outside.services.withoutTable()).isZero();
    }

    /** By what is there, half of which other services' lists may have filled. */
    @Test
    void aTableForWhichOthersLeftNoRoomIsAList() throws Exception {
        close();
        outside = new OutsideObject(4_096, Map.of("svc_slot", 2 * MANY + 10, "svc_backend", 2 * MANY));
        var rows = new HashMap<ServiceKey, ServiceEntry>();
        for (int i = 0; i < 200; i++) {
            rows.put(OutsideObject.key("192.0.2.20:" + (i + 1), Protocol.TCP), entry(Reach.CLUSTER, HUNDRED));
        }
        assertThat(outside.services.putAll(rows)).isEmpty();
        put(HUNDRED);
        assertThat(outside.services.withoutTable()).isEqualTo(1);
        assertThat(outside.slots.count()).isEqualTo(201 * 100);
    }

    private ServiceEntry put(List<String> backends) throws Exception {
        var entry = entry(Reach.OUTSIDE, backends);
        outside.services.put(KEY, entry);
        return entry;
    }

    private static ServiceEntry entry(Reach reach, List<String> backends) {
        var rows = backends.stream().map(OutsideObject::backend).toList();
        return new ServiceEntry(rows, true, Clients.of(reach));
    }

    private int idOf(String place) throws Exception {
        var wanted = OutsideObject.backend(place);
        return outside.backends.entries().entrySet().stream()
                .filter(row -> row.getValue().address().equals(wanted.address()))
                .mapToInt(row -> row.getKey().backendId())
                .findFirst()
                .orElseThrow();
    }

    private Map<Integer, String> choices() throws Exception {
        outside.connections.deleteAll(outside.connections.entries().keySet());
        var chosen = new HashMap<Integer, String>();
        for (int port = 4_000; port < 4_000 + CLIENTS; port++) {
            var run = outside.in("tcp 203.0.113.9:" + port + " > " + WEB + " flags=2");
            chosen.put(port, Frame.text(run.packet()).replaceFirst(".* > ", ""));
        }
        return chosen;
    }
}
