using System.Text;

namespace TheseusSharp.Data;

/// <summary>Pose graphs in the g2o text format, in the plane and in space.</summary>
/// <remarks>
/// <para>One record a line, fields apart by spaces or tabs, angles in radians:</para>
/// <code>
/// VERTEX_SE2 id x y θ                          VERTEX_SE3:QUAT id x y z qx qy qz qw
/// EDGE_SE2 from to x y θ I11 I12 … I33         EDGE_SE3:QUAT from to x y z qx qy qz qw I11 I12 … I66
/// FIX id …
/// </code>
/// <para>
/// I is the upper triangle of the information matrix, row by row, translation first; it weighs the logarithm of the
/// error. Ids are any whole numbers of 64 bits. Records come in any order. A field that starts with # starts a comment.
/// Lines end in LF or CR LF, the last one perhaps in neither. A byte order mark is skipped.
/// </para>
/// <para>
/// Refused: other record types, both dimensions in one file, an edge from a vertex to itself, a vertex twice, an edge
/// or FIX that names a vertex that is not there (where there are none at all, those that edges name count), too few
/// or too many fields, what is not a finite decimal number, quaternions whose norm is further than 0.01 from 1 (others are
/// normalised), files with neither vertex nor edge, and what is beyond the <see cref="G2oLimits"/>.
/// </para>
/// </remarks>
public static class G2o
{
    private const int BufferLength = 1 << 16;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How much it may hold; <see cref="G2oLimits.Default"/> if null.</param>
    /// <exception cref="DataFormatException">The file is not as the format says, or beyond the limits.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PoseGraph Read(string path, G2oLimits? limits = null)
    {
        using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        return new G2oReader(stream.Read, path, limits ?? G2oLimits.Default).Read();
    }

    /// <summary>Reads a stream from where it stands to its end, and leaves it open.</summary>
    /// <inheritdoc cref="Read(string, G2oLimits?)"/>
    /// <param name="stream">The bytes, UTF-8.</param>
    /// <param name="limits">How much it may hold; <see cref="G2oLimits.Default"/> if null.</param>
    public static PoseGraph Read(Stream stream, G2oLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new G2oReader(stream.Read, path: null, limits ?? G2oLimits.Default).Read();
    }

    /// <summary>Reads a text from where it stands to its end, and leaves it open.</summary>
    /// <inheritdoc cref="Read(string, G2oLimits?)"/>
    /// <param name="text">The text; limits and columns count its bytes in UTF-8.</param>
    /// <param name="limits">How much it may hold; <see cref="G2oLimits.Default"/> if null.</param>
    public static PoseGraph Read(TextReader text, G2oLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new G2oReader(new Utf8Source(text).Read, path: null, limits ?? G2oLimits.Default).Read();
    }

    /// <summary>Writes a file, in place of one that is there.</summary>
    /// <remarks>
    /// Reading it gives an equal graph (lines apart), bit for bit, if the graph was read from a g2o file. Otherwise
    /// too, but for angles in the plane: the format stores an angle, and not every pair of cosine and sine is that of
    /// one. Those may change by rounding, once. A graph without poses writes an empty file, which is refused when read.
    /// </remarks>
    /// <param name="graph">The graph.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(PoseGraph graph, string path)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using FileStream stream = File.Create(path);
        Write(graph, stream);
    }

    /// <summary>Writes to a stream, UTF-8 without a byte order mark, and leaves it open.</summary>
    /// <inheritdoc cref="Write(PoseGraph, string)" path="/remarks"/>
    /// <param name="graph">The graph.</param>
    /// <param name="stream">Receives the bytes.</param>
    public static void Write(PoseGraph graph, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(stream);
        using var text = new StreamWriter(stream, new UTF8Encoding(false), BufferLength, leaveOpen: true);
        Write(graph, text);
    }

    /// <summary>Writes to a text, lines ended by LF, and leaves it open.</summary>
    /// <inheritdoc cref="Write(PoseGraph, string)" path="/remarks"/>
    /// <param name="graph">The graph.</param>
    /// <param name="text">Receives the text.</param>
    public static void Write(PoseGraph graph, TextWriter text)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(text);
        new G2oWriter(graph, text).Write();
    }
}
