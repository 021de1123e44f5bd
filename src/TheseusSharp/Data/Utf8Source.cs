using System.Text;

namespace TheseusSharp.Data;

/// <summary>The text of a reader as bytes of UTF-8.</summary>
internal sealed class Utf8Source(TextReader text)
{
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private readonly char[] _characters = new char[1 << 14];
    private readonly byte[] _bytes = new byte[Encoding.UTF8.GetMaxByteCount(1 << 14)];
    private int _start;
    private int _end;

    /// <inheritdoc cref="ReadBytes"/>
    public int Read(Span<byte> buffer)
    {
        if (_start == _end)
            Fill();
        int count = Math.Min(buffer.Length, _end - _start);
        _bytes.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    /// <summary>Half of a surrogate pair at the end of a piece gives no bytes yet: reads until there are some.</summary>
    private void Fill()
    {
        int count;
        do
        {
            count = text.Read(_characters);
            _start = 0;
            _end = _encoder.GetBytes(_characters.AsSpan(0, count), _bytes, flush: count == 0);
        }
        while (_end == 0 && count > 0);
    }
}
