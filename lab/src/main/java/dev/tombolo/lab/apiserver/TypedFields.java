package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether a built-in kind has the fields and types that Kubernetes gives it, read from the client library's model. Without
 * it one manifest with a text where a number belongs would be stored, and stop every informer that reads it.
 */
final class TypedFields {
    private static final String UNKNOWN = "unknown";

    private final KubernetesSerialization models = new KubernetesSerialization();
    private final ObjectMapper mapper = mapper();

    private static ObjectMapper mapper() {
        var builder = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .annotationIntrospector(new EveryFieldNamed())
                .addHandler(new UnknownFields());
        for (var shape : List.of(CoercionInputShape.Boolean, CoercionInputShape.Integer, CoercionInputShape.Float)) {
            // A label or annotation `true` without quotes is refused, as Kubernetes does.
            builder.withCoercionConfig(LogicalType.Textual, config -> config.setCoercion(shape, CoercionAction.Fail));
        }
        return builder.build();
    }

    /** The paths of fields that the kind does not have; a field of a wrong type is refused. */
    List<String> unknown(ResourceKind kind, ObjectNode object) {
        Class<?> type = models.getRegisteredKubernetesResource(kind.apiVersion(), kind.kind());
        if (type == null) {
            return List.of();
        }
        var unknown = new ArrayList<String>();
        try {
            mapper.readerFor(type).withAttribute(UNKNOWN, unknown).readValue(object);
        } catch (JsonMappingException wrong) {
            throw ApiError.badRequest("%s in version \"%s\" cannot be handled as a %s: %s: %s"
                    .formatted(kind.kind(), kind.version(), kind.kind(), path(wrong), wrong.getOriginalMessage()));
        } catch (JsonProcessingException malformed) {
            throw ApiError.badRequest(malformed.getOriginalMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return unknown;
    }

    private static String path(JsonMappingException wrong) {
        return wrong.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    /** The model keeps what it does not know in a map; here it has to be noticed. */
    private static final class EveryFieldNamed extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    private static final class UnknownFields extends DeserializationProblemHandler {
        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object bean,
                String name)
                throws IOException {
            if (context.getAttribute(UNKNOWN) instanceof List<?> unknown) {
                String pointer = parser.getParsingContext().pathAsPointer().toString();
                @SuppressWarnings("unchecked")
                var paths = (List<String>) unknown;
                paths.add(pointer.substring(1)
                        .replaceAll("/(\\d+)", "[$1]")
                        .replace('/', '.')
                        .replace("~1", "/"));
            }
            parser.skipChildren();
            return true;
        }
    }
}
