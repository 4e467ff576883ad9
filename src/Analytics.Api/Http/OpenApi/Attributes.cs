namespace Analytics.Http.OpenApi;

/// <summary>The body of an action that reads it by itself, for the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class BodyAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}

/// <summary>The action answers with a stream of events: it has no HEAD, and no trace.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class EventStreamAttribute : UntracedAttribute;

/// <summary>The action answers with facts, a line each: however many there are, and as slowly as the client reads.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class LinesAttribute : Attribute
{
    public const string MediaType = "application/x-ndjson";
}

/// <summary>A query parameter an action reads by itself, for the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
sealed class QueryParameterAttribute(string name, string description) : Attribute
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    /// <summary>A family of parameters: <c>name[key]=value</c>.</summary>
    public bool IsKeyed { get; init; }
}

/// <summary>The query answers a page for <c>format=html</c>, too.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class PageForHtmlAttribute : Attribute;

/// <summary>Examples of an action's body and answer as JSON, where the ones made from the schemas say too little.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class ExampleAttribute : Attribute
{
    public string? Request { get; init; }

    public string? Answer { get; init; }
}
