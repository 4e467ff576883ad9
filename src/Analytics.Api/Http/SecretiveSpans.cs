using System.Diagnostics;
using OpenTelemetry;

namespace Analytics.Http;

/// <summary>Traces without secrets: paths are among what they say.</summary>
sealed class SecretiveSpans(Secrets secrets) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        List<KeyValuePair<string, string>>? changed = null;
        foreach (var (name, value) in data.TagObjects)
            if (value is string text && secrets.Without(text) is var without && !ReferenceEquals(without, text))
                (changed ??= []).Add(new(name, without));
        foreach (var (name, without) in changed ?? [])
            data.SetTag(name, without);
    }
}
