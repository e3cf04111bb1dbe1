package dev.tombolo.agent.outside;

import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.outside.Answer;
import dev.tombolo.bpf.outside.AnswerKey;
import dev.tombolo.bpf.outside.AnswerSide;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Whose nodes answer for whom, as the programs read it. */
record KernelAnswers(BpfMap<AnswerKey, Answer> map) implements Target<AnswerRule, Boolean> {
    @Override
    public Map<AnswerRule, Boolean> observe() throws IOException {
        var rules = new HashMap<AnswerRule, Boolean>();
        map.forEach((key, _) -> rules.put(
                new AnswerRule(AnswerSide.values()[key.side()], new ClusterId(key.clusterId()), key.range()), true));
        return rules;
    }

    @Override
    public void put(AnswerRule rule, Boolean yes) throws IOException {
        map.put(key(rule), Answer.ALLOWED);
    }

    @Override
    public void remove(AnswerRule rule) throws IOException {
        map.delete(key(rule));
    }

    private static AnswerKey key(AnswerRule rule) {
        return AnswerKey.of(rule.cluster(), rule.side(), rule.range());
    }
}
