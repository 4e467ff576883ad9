namespace Analytics.Http.OpenApi;

/// <summary>A number, or a text that holds one.</summary>
public readonly record struct NumberOrText;
