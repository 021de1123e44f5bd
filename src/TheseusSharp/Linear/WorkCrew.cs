using System.Runtime.ExceptionServices;

namespace TheseusSharp.Linear;

/// <summary>
/// Threads that share the parts of one piece of work after another: the caller's, and helpers from the thread pool,
/// which sleep when there is nothing to take. The caller waits for no helper that has not taken a part, so a busy pool
/// delays nothing. Allocates only when constructed.
/// </summary>
internal sealed class WorkCrew
{
    private readonly object _gate = new();
    private readonly Helper[] _helpers;

    /// <summary>All below are guarded by the gate.</summary>
    private Action<int, int>? _work;
    private int _parts;
    private int _next;
    private int _unfinished;
    private bool _isOpen;
    private Exception? _error;

    /// <summary>Makes a crew.</summary>
    /// <param name="threads">How many threads it has at most, the caller's among them.</param>
    public WorkCrew(int threads)
    {
        _helpers = new Helper[threads - 1];
        for (int k = 0; k < _helpers.Length; k++)
            _helpers[k] = new(this, k + 1);
    }

    /// <summary>Asks the pool for helpers, who stay until what is returned is disposed of.</summary>
    public Opening Open()
    {
        lock (_gate)
        {
            _isOpen = true;
            foreach (Helper helper in _helpers)
                helper.Enlist();
        }

        return new(this);
    }

    /// <summary>Lets the helpers go.</summary>
    private void Close()
    {
        lock (_gate)
        {
            _isOpen = false;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Does all parts of a piece of work; returns when they are done.</summary>
    /// <param name="parts">How many.</param>
    /// <param name="work">Does one, given its number and that of the thread.</param>
    public void Run(int parts, Action<int, int> work)
    {
        if (parts <= 1 || _helpers.Length == 0)
        {
            for (int part = 0; part < parts; part++)
                work(part, 0);
            return;
        }

        Publish(parts, work);
        while (Take() is var part and >= 0)
            Do(work, part, 0);
        WaitForOthers();
    }

    private void Publish(int parts, Action<int, int> work)
    {
        lock (_gate)
        {
            _work = work;
            _next = 0;
            _parts = _unfinished = parts;
            Monitor.PulseAll(_gate);
        }
    }

    private int Take()
    {
        lock (_gate)
            return _next < _parts ? _next++ : -1;
    }

    /// <summary>An exception stays with the work until all its parts are done: nothing that they use may go.</summary>
    private void Do(Action<int, int> work, int part, int thread)
    {
        Exception? error = null;
        try
        {
            work(part, thread);
        }
        catch (Exception exception)
        {
            error = exception;
        }

        lock (_gate)
        {
            _error ??= error;
            if (--_unfinished == 0)
                Monitor.PulseAll(_gate);
        }
    }

    private void WaitForOthers()
    {
        Exception? error;
        lock (_gate)
        {
            while (_unfinished > 0)
                Monitor.Wait(_gate);
            error = _error;
            _error = null;
        }

        if (error is not null)
            ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>Sleeps until there is a part to take.</summary>
    /// <returns>Whether there is one: if not, the crew is closed and the helper has left it.</returns>
    private bool WaitForPart(Helper helper, out Action<int, int> work, out int part)
    {
        lock (_gate)
        {
            while (_isOpen && _next >= _parts)
                Monitor.Wait(_gate);
            helper.IsEnlisted = _isOpen;
            work = _work!;
            part = _isOpen ? _next++ : -1;
            return _isOpen;
        }
    }

    /// <summary>While it lasts, helpers wait for parts.</summary>
    public readonly struct Opening(WorkCrew crew) : IDisposable
    {
        public void Dispose() => crew.Close();
    }

    /// <summary>What the pool runs: once for as long as the crew is open.</summary>
    private sealed class Helper(WorkCrew crew, int thread) : IThreadPoolWorkItem
    {
        /// <summary>Whether the pool has it, or runs it; guarded by the gate.</summary>
        public bool IsEnlisted { get; set; }

        public void Enlist()
        {
            if (!IsEnlisted)
                IsEnlisted = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        void IThreadPoolWorkItem.Execute()
        {
            while (crew.WaitForPart(this, out Action<int, int> work, out int part))
                crew.Do(work, part, thread);
        }
    }
}
