package dev.tombolo.lab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The types that rules at one place of a schema see: with them, a rule that misspells a field does not compile. */
final class SchemaTypes implements CelTypeProvider {
    private final Map<String, CelType> structs = new LinkedHashMap<>();
    private final CelType self;

    SchemaTypes(JsonNode schema) {
        // With a dot and without this sign, a type could be taken for the field self.name.
        self = of(schema, "#");
    }

    CelType self() {
        return self;
    }

    private CelType of(JsonNode schema, String name) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return SimpleType.DYN;
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema, name);
            case "array" -> ListType.create(of(schema.path("items"), name + "/[]"));
            case "string" -> SimpleType.STRING;
            case "boolean" -> SimpleType.BOOL;
            case "integer" -> SimpleType.INT;
            case "number" -> SimpleType.DOUBLE;
            default -> SimpleType.DYN;
        };
    }

    private CelType object(JsonNode schema, String name) {
        if (schema.path("additionalProperties").isObject()) {
            return MapType.create(SimpleType.STRING, of(schema.path("additionalProperties"), name + "/{}"));
        }
        var fields = new LinkedHashMap<String, CelType>();
        for (var property : schema.path("properties").properties()) {
            fields.put(property.getKey(), of(property.getValue(), name + "/" + property.getKey()));
        }
        CelType struct = StructType.create(
                name, ImmutableSet.copyOf(fields.keySet()), field -> Optional.ofNullable(fields.get(field)));
        structs.put(name, struct);
        return struct;
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.copyOf(structs.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
        return Optional.ofNullable(structs.get(name));
    }
}
