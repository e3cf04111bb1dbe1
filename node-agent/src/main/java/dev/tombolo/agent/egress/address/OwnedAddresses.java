package dev.tombolo.agent.egress.address;

import dev.tombolo.agent.egress.address.FloatingAddresses.Ownership;
import dev.tombolo.agent.egress.failover.OwnerRecords;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.util.Map;

/** Owning an address by what etcd says, with the fence of the programs open. */
public final class OwnedAddresses implements Ownership {
    private final Fence fence;
    private final OwnerRecords etcd;
    private final Announcements announcements;

    /** What lets packets leave with an address, or keeps them from it. */
    interface Fence {
        void open(IpAddress address) throws IOException;

        void close(IpAddress address) throws IOException;
    }

    public OwnedAddresses(Fence fence, OwnerRecords etcd, Announcements announcements) {
        this.fence = fence;
        this.etcd = etcd;
        this.announcements = announcements;
    }

    @Override
    public boolean isMine(IpAddress address) throws IOException {
        return etcd.isMine(address);
    }

    @Override
    public boolean isAnothers(IpAddress address) throws IOException {
        return etcd.isAnothers(address);
    }

    /**
     * Asks after the fence is open: whoever takes the address from then on is heard by it, and who took it before that is in
     * etcd already.
     */
    @Override
    public void gain(IpAddress address) throws IOException {
        boolean mine = false;
        fence.open(address);
        try {
            mine = etcd.isMine(address);
        } finally {
            if (!mine) {
                fence.close(address);
            }
        }
        if (!mine) {
            throw new IOException(address + " is another node's by now");
        }
    }

    @Override
    public void announce(IpAddress address, String device) {
        announcements.announce(address, device);
    }

    @Override
    public void remind(Map<IpAddress, String> devices) {
        announcements.once(devices);
    }

    @Override
    public void lose(IpAddress address) throws IOException {
        fence.close(address);
    }
}
