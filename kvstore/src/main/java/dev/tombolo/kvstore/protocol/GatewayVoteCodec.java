package dev.tombolo.kvstore.protocol;

import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.egress.GatewayVote.Answer;
import java.util.regex.Pattern;

/**
 * {@code tombolo/egress/v1/votes/<gateway>/<prober>}: {@code {"answers":true}}. Of one that never answered {@code
 * {"answers":false,"ever":false,"long":true}}, the last when it has been asked for long. A gateway of another cluster is
 * written {@code <gateway>@<cluster>}.
 */
public final class GatewayVoteCodec {
    private static final String CLUSTER = "[a-z0-9](?:[-a-z0-9]{0,30}[a-z0-9])?";
    private static final Pattern KEY = Pattern.compile(
            Pattern.quote(EgressKeys.VOTES) + "([a-z0-9.-]{1,253}(?:@" + CLUSTER + ")?)/([a-z0-9.-]{1,253})");

    private GatewayVoteCodec() {}

    public static String key(GatewayVote vote) {
        return EgressKeys.vote(vote.gateway(), vote.prober());
    }

    public static Value encode(GatewayVote vote) {
        var json = WireJson.object().put("answers", vote.answer() == Answer.ANSWERS);
        if (!vote.answer().wasHeard()) {
            json.put("ever", false).put("long", vote.answer() == Answer.NEVER);
        }
        return WireJson.encode(json);
    }

    /** A vote that does not say whether the gateway answers says nothing. */
    public static Decoded<GatewayVote> decode(String key, Value value) {
        var names = KEY.matcher(key);
        if (!names.matches() || names.group(1).equals(names.group(2))) {
            return WireJson.refuse(key, Invalid.Reason.MALFORMED, key, EgressKeys.vote("<gateway>", "<another node>"));
        }
        return WireJson.decode(key, value, json -> {
            if (json.get("answers").isAbsent()) {
                throw new WireJson.Malformed("no answers", "true or false");
            }
            return new GatewayVote(names.group(1), names.group(2), answer(json));
        });
    }

    private static Answer answer(WireJson json) {
        if (json.get("answers").flag()) {
            return Answer.ANSWERS;
        }
        if (json.get("ever").isAbsent() || json.get("ever").flag()) {
            return Answer.SILENT;
        }
        return json.get("long").flag() ? Answer.NEVER : Answer.ASKED;
    }
}
