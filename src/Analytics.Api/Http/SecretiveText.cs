using Serilog.Events;
using Serilog.Formatting;

namespace Analytics.Http;

/// <summary>Log lines without secrets, exceptions' texts included.</summary>
sealed class SecretiveText(ITextFormatter lines, Secrets secrets) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter();
        lines.Format(logEvent, line);
        output.Write(secrets.Without(line.ToString()));
    }
}
