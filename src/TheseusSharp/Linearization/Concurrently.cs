using System.Runtime.ExceptionServices;

namespace TheseusSharp.Linearization;

/// <summary>Independent work on several threads; an exception comes out as it was thrown, not wrapped.</summary>
internal static class Concurrently
{
    /// <summary>Runs an action for every number below a count.</summary>
    public static void For(int count, Action<int> action) => Unwrapped(() => Parallel.For(0, count, action));

    /// <summary>Runs actions at the same time.</summary>
    public static void Run(params Action[] actions) => Unwrapped(() => Parallel.Invoke(actions));

    /// <summary>Runs one action on several threads; on the caller's, if it is one.</summary>
    public static void OnThreads(int threads, Action action)
    {
        if (threads <= 1)
            action();
        else
            Unwrapped(() => Parallel.Invoke(
                new ParallelOptions { MaxDegreeOfParallelism = threads }, [.. Enumerable.Repeat(action, threads)]));
    }

    private static void Unwrapped(Action parallel)
    {
        try
        {
            parallel();
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.Flatten().InnerExceptions[0]);
        }
    }
}
