using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analytics.Http;

/// <summary>A member of a PATCH body: absent leaves things as they are, null clears them.</summary>
public readonly record struct Optional<T>(bool IsSet, T? Value)
{
    /// <summary>What holds afterwards.</summary>
    public T? Or(T? before) => IsSet ? Value : before;
}

/// <summary>Reads <see cref="Optional{T}"/> members: a member that is there was given.</summary>
sealed class OptionalConverters : JsonConverterFactory
{
    public override bool CanConvert(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(type.GetGenericArguments()))!;

    sealed class Converter<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(true, JsonSerializer.Deserialize<T>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
