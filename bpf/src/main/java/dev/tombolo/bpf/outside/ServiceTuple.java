package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;

/** Key of {@code lb_nat}: a connection from outside, with the service or the backend as its near end. */
public record ServiceTuple(IpAddress near, IpAddress far, int nearPort, int farPort, int protocol, int direction) {
    static final int TO_SERVICE = 0;
    static final int FROM_BACKEND = 1;

    boolean isToService() {
        return direction == TO_SERVICE;
    }

    /** What the client dialled; of one to a service only. */
    ServiceKey service() {
        return new ServiceKey(near, nearPort, protocol == Protocol.TCP.number() ? Protocol.TCP : Protocol.UDP);
    }

    /** Key of the connection's other half. */
    ServiceTuple other(ServiceTranslation half) {
        int back = isToService() ? FROM_BACKEND : TO_SERVICE;
        return new ServiceTuple(half.address(), far, half.port(), half.farPort(), protocol, back);
    }
}
