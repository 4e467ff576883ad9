using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Analytics.Tests;

/// <summary>Keeps what is logged.</summary>
public sealed class Heard<T> : ILogger<T>
{
    readonly ConcurrentQueue<(string Line, Exception? Why)> lines = [];

    public IReadOnlyList<(string Line, Exception? Why)> Lines => [.. lines];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue((formatter(state, exception), exception));
}
