package dev.tombolo.bpf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.egress.NatTimeouts;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.ipcache.IpcacheHostKey;
import dev.tombolo.bpf.outside.Answer;
import dev.tombolo.bpf.outside.AnswerKey;
import dev.tombolo.bpf.outside.AnswerSide;
import dev.tombolo.bpf.outside.BackendPlace;
import dev.tombolo.bpf.outside.BackendPlaceKey;
import dev.tombolo.bpf.outside.ConnectionCollector;
import dev.tombolo.bpf.outside.ServiceRoom;
import dev.tombolo.bpf.outside.ServiceTranslation;
import dev.tombolo.bpf.outside.ServiceTuple;
import dev.tombolo.bpf.service.BackendKey;
import dev.tombolo.bpf.service.BackendRow;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceFrontend;
import dev.tombolo.bpf.service.ServiceFrontendKey;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.bpf.service.ServiceMaps;
import dev.tombolo.bpf.service.ServiceSlot;
import dev.tombolo.bpf.service.ServiceSlotKey;
import dev.tombolo.bpf.service.ServiceSource;
import dev.tombolo.bpf.service.ServiceSourceKey;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The programs that serve clients outside, with the rows of a few services. */
final class OutsideObject implements AutoCloseable {
    private static final Map<Integer, String> VERDICTS = Map.of(-1, "pass", 2, "drop", 7, "redirect");

    /** The cluster that backends are said to be of. */
    private static final ClusterId CLUSTER = new ClusterId(1);

    final BpfObject object;
    final BpfMap<ServiceTuple, ServiceTranslation> connections;
    final BpfMap<ServiceSlotKey, ServiceSlot> slots;
    final BpfMap<BackendKey, BackendRow> backends;
    final BpfMap<ArrayIndex, ServiceRoom> room;
    final ServiceMaps services;
    private Map<String, Long> before = Map.of();

    OutsideObject(int connections) throws Exception {
        this(connections, Map.of());
    }

    /** @param sizes of maps that are not to be as large as they are built */
    OutsideObject(int connections, Map<String, Integer> sizes) throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        var opened =
                BpfObject.open("packet_lb").maxEntries("lb_nat", connections).maxEntries("lb_frag", 64);
        for (var size : sizes.entrySet()) {
            opened.maxEntries(size.getKey(), size.getValue());
        }
        object = opened.load();
        this.connections = object.map("lb_nat", ServiceTuple.class, ServiceTranslation.class);
        room = object.array("lb_room", ServiceRoom.class);
        slots = object.map("svc_slot", ServiceSlotKey.class, ServiceSlot.class);
        backends = object.map("svc_backend", BackendKey.class, BackendRow.class);
        services = restarted();
    }

    ConnectionCollector collector(LongSupplier clock) {
        return new ConnectionCollector(connections, room, NatTimeouts.DEFAULT, clock);
    }

    /** The maps as an agent finds them that starts now. */
    ServiceMaps restarted() throws Exception {
        return new ServiceMaps(
                object.map("svc_fe", ServiceFrontendKey.class, ServiceFrontend.class),
                slots,
                backends,
                object.map("svc_source", ServiceSourceKey.class, ServiceSource.class));
    }

    /** @param backends as {@code 10.1.0.2:8080}, or with a state and a weight behind spaces */
    void service(String address, Protocol protocol, Reach reach, String... backends) throws Exception {
        var rows = Arrays.stream(backends).map(OutsideObject::backend).toList();
        services.put(key(address, protocol), new ServiceEntry(rows, true, Clients.of(reach)));
    }

    /** A client of which has one backend. */
    void together(String address, String... backends) throws Exception {
        var rows = Arrays.stream(backends).map(OutsideObject::backend).toList();
        var clients = Clients.of(Reach.OUTSIDE).together(true);
        services.put(key(address, Protocol.TCP), new ServiceEntry(rows, true, clients));
    }

    /** Answered by the nodes of its backends. */
    void direct(String address, Protocol protocol, String... backends) throws Exception {
        var rows = Arrays.stream(backends).map(OutsideObject::backend).toList();
        var clients = Clients.of(Reach.OUTSIDE).direct(true);
        services.put(key(address, protocol), new ServiceEntry(rows, true, clients));
    }

    /** @param device 0: on this node */
    void place(String backend, String node, int device) throws Exception {
        object.map("lb_place", BackendPlaceKey.class, BackendPlace.class)
                .put(new BackendPlaceKey(IpAddress.parse(backend)), new BackendPlace(IpAddress.parse(node), device, 0));
    }

    /** In another cluster, whose nodes answer for services at these addresses. */
    void answeredThere(String backend, String own, int device, int room, String services) throws Exception {
        object.map("lb_place", BackendPlaceKey.class, BackendPlace.class)
                .put(
                        new BackendPlaceKey(IpAddress.parse(backend)),
                        new BackendPlace(IpAddress.parse(own), device, room));
        object.map("lb_answer", AnswerKey.class, Answer.class)
                .put(AnswerKey.of(CLUSTER, AnswerSide.THERE, Prefix.parse(services)), Answer.ALLOWED);
    }

    void inMesh(String address) throws Exception {
        object.map("ipc_host", IpcacheHostKey.class, IpcacheEntry.class)
                .put(new IpcacheHostKey(IpAddress.parse(address)), new IpcacheEntry(65_000, 0, CLUSTER.value(), 0));
    }

    void clientThere(String address) throws Exception {
        object.map("lb_answer", AnswerKey.class, Answer.class)
                .put(AnswerKey.of(CLUSTER, AnswerSide.CLIENT, Prefix.parse(address)), Answer.ALLOWED);
    }

    void forgetAnswers() throws Exception {
        var answers = object.map("lb_answer", AnswerKey.class, Answer.class);
        for (var key : answers.entries().keySet()) {
            answers.delete(key);
        }
    }

    void forgetPlace(String backend) throws Exception {
        object.map("lb_place", BackendPlaceKey.class, BackendPlace.class)
                .delete(new BackendPlaceKey(IpAddress.parse(backend)));
    }

    /** For clients of one range only. */
    void restricted(String address, String range, String backend) throws Exception {
        var clients = Clients.of(Reach.OUTSIDE, Optional.of(Set.of(Prefix.parse(range))));
        services.put(key(address, Protocol.TCP), new ServiceEntry(List.of(backend(backend)), true, clients));
    }

    /** As an agent finds it that starts now. */
    ServiceEntry found(String address) throws Exception {
        return services.observe().get(key(address, Protocol.TCP));
    }

    int ranges() throws Exception {
        return object.map("svc_source", ServiceSourceKey.class, ServiceSource.class)
                .count();
    }

    void remove(String address, Protocol protocol) throws Exception {
        services.remove(key(address, protocol));
    }

    static ServiceKey key(String address, Protocol protocol) {
        return new ServiceKey(host(address), port(address), protocol);
    }

    static ServiceBackend backend(String text) {
        var words = text.split(" ");
        var state = words.length > 1 ? BackendState.valueOf(words[1]) : BackendState.ACTIVE;
        int weight = words.length > 2 ? Integer.parseInt(words[2]) : 1;
        return new ServiceBackend(host(words[0]), port(words[0]), CLUSTER.value(), state, weight);
    }

    private static IpAddress host(String place) {
        return IpAddress.parse(place.substring(0, portAt(place)));
    }

    private static int port(String place) {
        return Integer.parseInt(place.substring(portAt(place) + 1));
    }

    private static int portAt(String place) {
        return place.indexOf(place.contains("#") ? '#' : ':');
    }

    BpfObject.TestRun in(String packet) throws Exception {
        return run("lb_in", packet);
    }

    BpfObject.TestRun out(String packet) throws Exception {
        return run("lb_out", packet);
    }

    private BpfObject.TestRun run(String program, String packet) throws Exception {
        return run(program, Frame.of(packet));
    }

    /** A frame that may be none. */
    BpfObject.TestRun run(String program, byte[] frame) throws Exception {
        remember();
        return object.testRun(program, frame, 0, 0);
    }

    /** The verdict, what the last run counted, and the packet: {@code "pass FORWARDED tcp …"}. */
    String outcome(BpfObject.TestRun run) throws Exception {
        String packet = run.verdict() == 2 ? "" : Frame.text(run.packet());
        return (VERDICTS.get(run.verdict()) + " " + counted()).trim() + (packet.isEmpty() ? "" : " " + packet);
    }

    /** The counters before something runs. */
    void remember() throws Exception {
        before = counters();
    }

    /** The reasons that were counted since {@link #remember}. */
    String counted() throws Exception {
        return counters().entrySet().stream()
                .filter(counter -> !counter.getValue().equals(before.get(counter.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(" "));
    }

    private Map<String, Long> counters() throws Exception {
        return new Counters(object)
                .byReason().stream()
                        .collect(Collectors.toMap(Counters.Counter::reason, Counters.Counter::packets, Long::sum));
    }

    @Override
    public void close() {
        object.close();
    }
}
