package dev.tombolo.lab.apiserver;

import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * What an API server needs.
 *
 * @param addresses where to listen; the opener decides in which network namespace
 * @param tls its certificate, and the authority of client certificates
 * @param etcdPrefix root of its keys, without a trailing slash
 * @param serviceCidr the range from which Services get cluster addresses
 */
public record ApiServerOptions(
        String clusterName,
        List<InetSocketAddress> addresses,
        SSLContext tls,
        List<String> etcdEndpoints,
        String etcdPrefix,
        String serviceCidr,
        PodLogs podLogs,
        PodExec podExec,
        ListenerOpener opener) {
    public ApiServerOptions {
        addresses = List.copyOf(addresses);
        etcdEndpoints = List.copyOf(etcdEndpoints);
    }
}
