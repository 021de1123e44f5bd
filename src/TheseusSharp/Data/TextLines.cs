namespace TheseusSharp.Data;

/// <summary>Reads some bytes into a buffer; none at the end.</summary>
internal delegate int ReadBytes(Span<byte> buffer);

/// <summary>The lines of a text, as bytes of UTF-8, through one buffer that grows to the longest line.</summary>
internal sealed class TextLines(ReadBytes read, string? path, G2oLimits limits)
{
    private const int FirstLength = 1 << 16;

    private byte[] _buffer = new byte[FirstLength];
    private int _start;
    private int _end;
    private int _read;

    /// <summary>The number of the current line, counted from 1; 0 before the first.</summary>
    public int Number { get; private set; }

    /// <summary>Moves to the next line.</summary>
    /// <param name="line">The line without its end (LF or CR LF); valid until the next call.</param>
    /// <returns>False at the end of the text.</returns>
    /// <exception cref="DataFormatException">The text or the line is longer than the limits allow.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int seen = 0, length;
        while ((length = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n')) < 0)
        {
            seen = _end - _start;
            CheckLength(seen);
            if (!Fill())
                return TryReadLast(out line);
        }

        length += seen;
        CheckLength(length);
        line = Next(length);
        _start++;
        return true;
    }

    /// <summary>A text need not end in a line feed.</summary>
    private bool TryReadLast(out ReadOnlySpan<byte> line)
    {
        bool isThere = _end > _start;
        line = isThere ? Next(_end - _start) : default;
        return isThere;
    }

    private ReadOnlySpan<byte> Next(int length)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        _start += length;
        Number++;
        if (Number == 1 && line.StartsWith("\uFEFF"u8))
            line = line[3..];
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private void CheckLength(int length)
    {
        if (length > limits.MaxLineLength)
            throw new DataFormatException(
                $"the line is longer than {limits.MaxLineLength} bytes, the limit.",
                path, Number + 1, limits.MaxLineLength + 1);
    }

    /// <summary>Reads on, behind what is left of the buffer.</summary>
    private bool Fill()
    {
        MakeRoom();
        int room = Math.Min(_buffer.Length - _end, limits.MaxBytes - _read);
        if (room == 0)
            return CheckEnd();
        int count = read(_buffer.AsSpan(_end, room));
        _end += count;
        _read += count;
        return count > 0;
    }

    private void MakeRoom()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, Array.MaxLength));
    }

    /// <summary>All bytes allowed have been read; there must be no more.</summary>
    private bool CheckEnd()
    {
        if (read(stackalloc byte[1]) > 0)
            throw new DataFormatException(
                $"the text is longer than {limits.MaxBytes} bytes, the limit.", path, Number + 1, _end - _start + 1);
        return false;
    }
}
