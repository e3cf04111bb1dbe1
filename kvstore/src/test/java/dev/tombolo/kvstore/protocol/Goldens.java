package dev.tombolo.kvstore.protocol;

/** One value of each kind as a Cilium 1.20 writes it, with every field that it may have. */
final class Goldens {
    static final String NODE = """
            {"Name":"node1","Cluster":"cluster3","IPAddresses":[{"Type":"InternalIP","IP":"192.0.2.1"},{"Type":"CiliumInternalIP","IP":"10.240.0.17"}],"IPv4AllocCIDR":{"IP":"10.240.0.0","Mask":"////AA=="},"IPv4SecondaryAllocCIDRs":[{"IP":"10.241.0.0","Mask":"////AA=="}],"IPv6AllocCIDR":{"IP":"fd00:10:3::","Mask":"//////////8AAAAAAAAAAA=="},"IPv6SecondaryAllocCIDRs":null,"IPv4HealthIP":"10.240.0.9","IPv6HealthIP":"","IPv4IngressIP":"","IPv6IngressIP":"","ClusterID":3,"Source":"custom-resource","EncryptionKey":255,"Labels":{"topology.kubernetes.io/zone":"z1"},"Annotations":{"tombolo.dev/wireguard-port":"51872"},"WireguardPubKey":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","BootID":"b1"}""";
    static final String ENDPOINT = """
            {"IP":"10.240.0.200","Mask":null,"HostIP":"192.0.2.3","ID":197313,"Key":255,"Metadata":"","K8sNamespace":"bar","K8sPodName":"baz-5c9","K8sPodUID":"u1","K8sServiceAccount":"default","NamedPorts":[{"Name":"http","Port":8080,"Protocol":"TCP"}]}""";
    static final String SERVICE = """
            {"cluster":"cluster3","namespace":"bar","name":"web","frontends":{"10.96.0.7":{"http":{"Protocol":"TCP","Port":80}}},"backends":{"10.240.0.200":{"http":{"Protocol":"TCP","Port":8080}}},"hostnames":{"10.240.0.201":"web-0"},"zones":{"10.240.0.200":{"zone":"z1","forZones":[{"name":"z1"}]}},"labels":{"a":"b"},"selector":{"app":"web"},"includeExternal":true,"shared":true,"clusterID":3}""";
    static final String CONFIG = """
            {"id":3,"capabilities":{"syncedCanaries":true,"maxConnectedClusters":255,"serviceExportsEnabled":false,"endpointSlicesExportMode":"services-and-endpointslices"}}""";

    private Goldens() {}
}
