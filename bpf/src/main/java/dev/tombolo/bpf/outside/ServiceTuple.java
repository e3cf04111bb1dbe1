package dev.tombolo.bpf.outside;

import dev.tombolo.model.net.IpAddress;

/** Key of {@code lb_nat}: a connection from outside, with the service or the backend as its near end. */
public record ServiceTuple(IpAddress near, IpAddress far, int nearPort, int farPort, int protocol, int direction) {
    static final int TO_SERVICE = 0;
    static final int FROM_BACKEND = 1;

    boolean isToService() {
        return direction == TO_SERVICE;
    }

    /** Key of the connection's other half. */
    ServiceTuple other(ServiceTranslation half) {
        int back = isToService() ? FROM_BACKEND : TO_SERVICE;
        return new ServiceTuple(half.address(), far, half.port(), half.farPort(), protocol, back);
    }
}
