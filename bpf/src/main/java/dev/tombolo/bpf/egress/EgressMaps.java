package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.BpfObject;

/**
 * The maps of the egress gateway. What a row names is written before it: gateways and addresses, then groups, then rules,
 * then sources.
 */
public record EgressMaps(
        BpfMap<EgressSourceKey, EgressSource> sources,
        BpfMap<EgressRuleKey, EgressRule> rules,
        BpfMap<EgressInternalKey, EgressInternal> internal,
        BpfMap<EgressGroupKey, EgressGroup> groups,
        BpfMap<EgressGatewayKey, EgressGateway> gateways,
        BpfMap<EgressAddressKey, EgressAddress> addresses,
        BpfMap<EgressTuple, EgressNat> translations,
        BpfMap<EgressSaturationKey, EgressSaturation> saturation,
        BpfMap<EgressFenceKey, EgressFence> fence,
        BpfMap<EgressTuple, EgressFlow> flows,
        BpfMap<EgressRateKey, EgressRate> rates,
        BpfMap<EgressRateKey, EgressBucket> buckets) {
    public static EgressMaps of(BpfObject object) throws BpfException {
        return new EgressMaps(
                object.map("eg_source", EgressSourceKey.class, EgressSource.class),
                object.map("eg_rule", EgressRuleKey.class, EgressRule.class),
                object.map("eg_internal", EgressInternalKey.class, EgressInternal.class),
                object.map("eg_group", EgressGroupKey.class, EgressGroup.class),
                object.map("eg_gateway", EgressGatewayKey.class, EgressGateway.class),
                object.map("eg_address", EgressAddressKey.class, EgressAddress.class),
                object.map("eg_nat", EgressTuple.class, EgressNat.class),
                object.map("eg_saturation", EgressSaturationKey.class, EgressSaturation.class),
                object.map("eg_fence", EgressFenceKey.class, EgressFence.class),
                object.map("eg_flow", EgressTuple.class, EgressFlow.class),
                object.map("eg_rate", EgressRateKey.class, EgressRate.class),
                object.map("eg_bucket", EgressRateKey.class, EgressBucket.class));
    }
}
