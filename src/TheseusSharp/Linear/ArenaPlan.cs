namespace TheseusSharp.Linear;

/// <summary>Plans, before any number is known, where temporary matrices live: first fit in one arena.</summary>
internal sealed class ArenaPlan
{
    private readonly List<(long Start, long Length)> _free = [];

    /// <summary>How long the arena must be.</summary>
    public long Length { get; private set; }

    /// <summary>Takes the first gap that is long enough.</summary>
    public long Allocate(long length)
    {
        if (length == 0)
            return 0;
        for (int k = 0; k < _free.Count; k++)
        {
            (long start, long available) = _free[k];
            if (available < length)
                continue;
            if (available == length)
                _free.RemoveAt(k);
            else
                _free[k] = (start + length, available - length);
            return start;
        }

        return Extend(length);
    }

    /// <summary>Gives a piece back.</summary>
    public void Free(long start, long length)
    {
        if (length == 0)
            return;
        int k = 0;
        while (k < _free.Count && _free[k].Start < start)
            k++;
        _free.Insert(k, (start, length));
        Join(k);
        if (k > 0)
            Join(k - 1);
    }

    private long Extend(long length)
    {
        long start = Length;
        if (_free.Count > 0 && _free[^1].Start + _free[^1].Length == Length)
        {
            start = _free[^1].Start;
            _free.RemoveAt(_free.Count - 1);
        }

        Length = start + length;
        return start;
    }

    private void Join(int k)
    {
        if (k + 1 >= _free.Count || _free[k].Start + _free[k].Length != _free[k + 1].Start)
            return;
        _free[k] = (_free[k].Start, _free[k].Length + _free[k + 1].Length);
        _free.RemoveAt(k + 1);
    }
}
