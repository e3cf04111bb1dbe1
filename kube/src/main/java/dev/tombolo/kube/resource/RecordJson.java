package dev.tombolo.kube.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.tombolo.model.bgp.BgpAdvertisementSpec;
import dev.tombolo.model.bgp.BgpClusterConfigSpec;
import dev.tombolo.model.egress.EgressPolicySpec;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** Records to and from the maps that untyped objects are made of: times as RFC 3339 in seconds, absent fields left out. */
final class RecordJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
            .addMixIn(EgressPolicySpec.Gateway.class, DeviceName.class)
            .addMixIn(BgpClusterConfigSpec.Unnumbered.class, DeviceName.class)
            .addMixIn(BgpAdvertisementSpec.Entry.class, DeviceName.class)
            .addModule(new SimpleModule("records")
                    .addSerializer(Instant.class, new InstantText())
                    .addDeserializer(Instant.class, new TextInstant())
                    .addSerializer(optionalClass(), new OptionalValue())
                    .addDeserializer(optionalClass(), new ValueOptional(null)))
            .build();

    private RecordJson() {}

    static <T> T read(Object map, Class<T> type) {
        return MAPPER.convertValue(map, type);
    }

    static Map<String, Object> write(Object value) {
        return MAPPER.convertValue(value, new TypeReference<>() {});
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Class<Optional<?>> optionalClass() {
        return (Class) Optional.class;
    }

    /** A record's component cannot have the name of this field, which is a word of the language. */
    private abstract static class DeviceName {
        @JsonProperty("interface")
        abstract Optional<?> device();
    }

    private static final class InstantText extends JsonSerializer<Instant> {
        @Override
        public void serialize(Instant value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.truncatedTo(ChronoUnit.SECONDS).toString());
        }
    }

    private static final class TextInstant extends JsonDeserializer<Instant> {
        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return Instant.parse(json.getText());
        }
    }

    private static final class OptionalValue extends JsonSerializer<Optional<?>> {
        @Override
        public void serialize(Optional<?> value, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.orElse(null), json);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Optional<?> value) {
            return value.isEmpty();
        }
    }

    private static final class ValueOptional extends JsonDeserializer<Optional<?>> implements ContextualDeserializer {
        private final JavaType content;

        ValueOptional(JavaType content) {
            this.content = content;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
            return new ValueOptional(context.getContextualType().containedTypeOrUnknown(0));
        }

        @Override
        public Optional<?> deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return Optional.ofNullable(context.readValue(json, content));
        }

        @Override
        public Optional<?> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }
    }
}
