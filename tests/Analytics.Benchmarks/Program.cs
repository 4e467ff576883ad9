using System.Runtime.InteropServices;
using Analytics.Benchmarks;
using Analytics.Benchmarks.Attack;

if (args is ["--help" or "-h" or "help", ..])
{
    Console.WriteLine(Options.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    return args is [AttackProcess.Command]
        ? await AttackProcess.AttackAsync(Console.In, Console.Out, stop.Token)
        : await Benchmarks.RunAsync(Options.Parse(args), stop.Token);
}
catch (FormatException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}\n\n{Options.Usage}");
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

// The servers that were started are stopped on the way out.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
