using System.Runtime.InteropServices;
using TheseusSharp.Cli;
using TheseusSharp.Cli.Output;

using var cancellation = new CancellationTokenSource();

// The first Ctrl-C asks to stop at the next iteration; the second ends the process at once.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = !cancellation.IsCancellationRequested;
    if (!signal.Cancel)
        Terminal.ShowCursor();
    cancellation.Cancel();
});

return Tool.Run(args, Terminal.OfProcess(), cancellation.Token);
