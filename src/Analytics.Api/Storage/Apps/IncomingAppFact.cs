using Analytics.Storage.Facts;

namespace Analytics.Storage.Apps;

/// <summary>A view, a device, a download or a change of storage that passed validation.</summary>
sealed class IncomingAppFact : IncomingFact
{
    public override FactKind Kind => AppFacts.Views.Kind;

    public override long Bytes => Subject.Length + Overhead;

    public required AppFact What { get; init; }

    /// <summary>The app's number in its workspace.</summary>
    public required int App { get; init; }

    /// <summary>The viewer's or the device's id as it was sent; empty for none.</summary>
    public ReadOnlyMemory<byte> Subject { get; init; }

    /// <summary>Bytes, of downloads and of changes of storage.</summary>
    public long Amount { get; init; }
}

/// <summary>An app's fact on its way through one transaction.</summary>
/// <param name="request">What it came with.</param>
/// <param name="incoming">The fact.</param>
/// <param name="deviceKey">What hashes of devices are keyed by.</param>
sealed class NewAppFact(WriteRequest request, IncomingAppFact incoming, byte[] deviceKey) : NewFact(request, incoming)
{
    public IncomingAppFact Incoming { get; } = incoming;

    public AppSubject SubjectKind { get; } = incoming.What == AppFact.View ? AppSubject.Viewer : AppSubject.Device;

    /// <summary>The keyed hash of the viewer or device; 0 for none.</summary>
    public UInt128 SubjectHash { get; } = incoming switch
    {
        { Subject.IsEmpty: true } => 0,
        { What: AppFact.View } => SubjectNumbers.HashOfViewer(request.Workspace.HashKey, incoming.Subject.Span),
        _ => SubjectNumbers.HashOfDevice(deviceKey, incoming.Subject.Span),
    };

    /// <summary>The viewer's or the device's number; 0 for none.</summary>
    public int Subject { get; set; }
}

/// <summary>An invocation of an app's server route that passed validation.</summary>
sealed class IncomingInvocation : IncomingFact
{
    public override FactKind Kind => InvocationFacts.Section.Kind;

    public override long Bytes => Path.Length + Username.Length + Error.Length + Overhead;

    /// <summary>The app's number in its workspace.</summary>
    public required int App { get; init; }
    public required ReadOnlyMemory<byte> Method { get; init; }
    public required ReadOnlyMemory<byte> Path { get; init; }

    /// <summary>Empty for nobody.</summary>
    public ReadOnlyMemory<byte> Username { get; init; }

    /// <summary>Microseconds.</summary>
    public required long Duration { get; init; }
    public required short Status { get; init; }

    /// <summary>The peak, in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Empty for none.</summary>
    public ReadOnlyMemory<byte> Error { get; init; }
}

/// <summary>An invocation on its way through one transaction.</summary>
sealed class NewInvocation(WriteRequest request, IncomingInvocation incoming) : NewFact(request, incoming)
{
    public IncomingInvocation Incoming { get; } = incoming;
}
