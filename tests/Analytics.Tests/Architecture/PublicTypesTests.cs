using System.Reflection;
using System.Runtime.CompilerServices;
using Analytics.Http;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Tests.Architecture;

/// <summary>What is public is what actions take and answer; everything else is the service's own.</summary>
public sealed class PublicTypesTests
{
    const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // The web SDK makes it public, for tests that start the service by it.
    const string EntryPoint = "Program";

    static readonly Assembly Service = typeof(Routes).Assembly;

    [Fact]
    public void Only_what_actions_take_and_answer_is_public() =>
        Assert.Equal([EntryPoint], Names(Service.GetExportedTypes().Except(TakenAndAnswered())));

    [Fact]
    public void All_that_actions_take_and_answer_is_public() =>
        Assert.Equal([], Names(TakenAndAnswered().Where(type => !type.IsVisible)));

    static IEnumerable<string?> Names(IEnumerable<Type> types) => types.Select(type => type.FullName).Order();

    static HashSet<Type> TakenAndAnswered()
    {
        var found = new HashSet<Type>();
        var waiting = new Stack<Type>(Actions().SelectMany(Mentioned));
        while (waiting.TryPop(out var type))
            foreach (var own in Parts(type).Where(part => part.Assembly == Service && found.Add(part)))
                foreach (var next in own.GetProperties(Own).Select(property => property.PropertyType).Append(own.BaseType!))
                    waiting.Push(next);
        return found;
    }

    static IEnumerable<MethodInfo> Actions() => Service.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(ControllerBase)))
        .SelectMany(controller => controller.GetMethods(Own));

    /// <summary>The types of an action's parameters and result, those its attributes name, and what its controller refuses with.</summary>
    static IEnumerable<Type> Mentioned(MethodInfo action) =>
    [
        action.ReturnType,
        .. action.GetParameters().Select(parameter => parameter.ParameterType),
        .. Written(action).SelectMany(attribute => attribute.AttributeType.GetGenericArguments()),
        .. Written(action).SelectMany(attribute => attribute.ConstructorArguments).Select(argument => argument.Value).OfType<Type>(),
        .. action.DeclaringType!.GetCustomAttributes<RefusalAttribute>().Select(refusal => refusal.Body),
    ];

    /// <summary>The attributes that stand in the source; the compiler adds one with the state machine of an async action.</summary>
    static IEnumerable<CustomAttributeData> Written(MethodInfo action) =>
        action.CustomAttributes.Where(attribute => attribute.AttributeType != typeof(AsyncStateMachineAttribute));

    /// <summary>A type without what wraps it: the task, the list, the nullable.</summary>
    static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];
}
