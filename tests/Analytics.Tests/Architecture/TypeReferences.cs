using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Analytics.Tests.Architecture;

/// <summary>The types of its assembly that a type names in signatures, attributes and bodies. Nested types count as their parent.</summary>
static class TypeReferences
{
    public static IEnumerable<TypeDefinition> Of(TypeDefinition outermost) =>
        from part in outermost.SelfAndNested()
        from reference in Named(part)
        from type in Plain(reference)
        where type.Scope == outermost.Module
        let definition = type.Resolve().Outermost()
        where definition != outermost
        select definition;

    public static IEnumerable<TypeDefinition> SelfAndNested(this TypeDefinition type) =>
        type.NestedTypes.SelectMany(SelfAndNested).Prepend(type);

    public static TypeDefinition Outermost(this TypeDefinition type) => type.DeclaringType is { } parent ? parent.Outermost() : type;

    static IEnumerable<TypeReference?> Named(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(face => face.InterfaceType),
        .. Constraints(type),
        .. Attributes(type),
        .. type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(Attributes),
        .. type.Events.SelectMany(Attributes),
        .. type.Methods.SelectMany(method => Signature(method).Concat(Body(method)).Concat(Attributes(method))),
    ];

    static IEnumerable<TypeReference?> Signature(MethodDefinition method) =>
    [
        method.ReturnType,
        .. Constraints(method),
        .. method.Parameters.SelectMany(parameter => Attributes(parameter).Append(parameter.ParameterType)),
    ];

    static IEnumerable<TypeReference?> Body(MethodDefinition method) => !method.HasBody ? [] :
    [
        .. method.Body.Variables.Select(variable => variable.VariableType),
        .. method.Body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. method.Body.Instructions.SelectMany(Operand),
    ];

    static IEnumerable<TypeReference?> Operand(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType],
        _ => [],
    };

    static IEnumerable<TypeReference?> Constraints(IGenericParameterProvider generic) =>
        generic.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType);

    static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider provider) =>
        from attribute in provider.CustomAttributes
        from type in attribute.ConstructorArguments.Select(argument => argument.Value as TypeReference).Append(attribute.AttributeType)
        select type;

    // List<Cell[]> names List and Cell.
    static IEnumerable<TypeReference> Plain(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Plain).Concat(Plain(generic.ElementType)),
        TypeSpecification specification => Plain(specification.ElementType),
        _ => [type],
    };
}
