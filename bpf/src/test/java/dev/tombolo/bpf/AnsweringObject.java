package dev.tombolo.bpf;

import dev.tombolo.bpf.ipcache.IpcacheCidrKey;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.outside.Answer;
import dev.tombolo.bpf.outside.AnswerKey;
import dev.tombolo.bpf.outside.AnswerSide;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.net.Prefix;

/** What comes by the tunnel to a node that answers for others, beside the programs of its uplink. */
final class AnsweringObject implements AutoCloseable {
    private static final int OURS = 1;

    final OutsideObject uplink;
    final BpfObject object;

    AnsweringObject(int connections) throws Exception {
        uplink = new OutsideObject(connections);
        object = BpfObject.open("lb_tunnel").constant("l3_offset", Frame.L3);
        for (String map : object.btf().maps()) {
            if (uplink.object.btf().maps().contains(map)) {
                object.reuse(map, uplink.object.mapFd(map));
            }
        }
        object.load();
    }

    void own(String range) throws Exception {
        whose(range, new IpcacheEntry(1, 0, 1, OURS));
    }

    void of(int cluster, String range) throws Exception {
        whose(range, new IpcacheEntry(6, 0, cluster, 0));
    }

    private void whose(String range, IpcacheEntry entry) throws Exception {
        var prefix = Prefix.parse(range);
        object.map("ipc_cidr", IpcacheCidrKey.class, IpcacheEntry.class)
                .put(new IpcacheCidrKey(32 + 96 + prefix.length(), 4, prefix.address()), entry);
    }

    AnswerKey answersFor(int cluster, String services) throws Exception {
        var key = AnswerKey.of(new ClusterId(cluster), AnswerSide.HERE, Prefix.parse(services));
        answers().put(key, Answer.ALLOWED);
        return key;
    }

    BpfMap<AnswerKey, Answer> answers() throws Exception {
        return object.map("lb_answer", AnswerKey.class, Answer.class);
    }

    BpfObject.TestRun comes(byte[] frame) throws Exception {
        uplink.remember();
        return object.testRun("lb_from_tunnel", frame, 0, 0);
    }

    String outcome(byte[] frame) throws Exception {
        return uplink.outcome(comes(frame));
    }

    @Override
    public void close() {
        object.close();
        uplink.close();
    }
}
