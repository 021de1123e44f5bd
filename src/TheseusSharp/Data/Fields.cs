namespace TheseusSharp.Data;

/// <summary>
/// The fields of a line, apart from each other by spaces and tabs. A field that starts with # starts a comment.
/// </summary>
internal ref struct Fields(ReadOnlySpan<byte> line)
{
    private readonly ReadOnlySpan<byte> _line = line;
    private int _start;
    private int _end;

    /// <summary>The current field; empty before the first and behind the last.</summary>
    public readonly ReadOnlySpan<byte> Current => _line[_start.._end];

    /// <summary>
    /// The column of the current field, counted in bytes from 1; behind the last field, the column after it.
    /// </summary>
    public readonly int Column => _start + 1;

    /// <summary>Moves to the next field.</summary>
    /// <returns>False if there is none.</returns>
    public bool MoveNext()
    {
        int start = _end;
        while (start < _line.Length && IsBlank(_line[start]))
            start++;
        if (start == _line.Length || _line[start] == '#')
        {
            _start = _end;
            return false;
        }

        int end = start + 1;
        while (end < _line.Length && !IsBlank(_line[end]))
            end++;
        (_start, _end) = (start, end);
        return true;
    }

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t';
}
