using System.Globalization;

namespace TheseusSharp.Data;

/// <summary>Data that cannot be used as given: what is wrong, in which file, and where.</summary>
/// <remarks>Thrown before anything of the data escapes: there is no half-read result.</remarks>
public sealed class DataFormatException : FormatException
{
    /// <summary>A fault at a place.</summary>
    /// <param name="problem">What is wrong, what was expected, what was found; without the place.</param>
    /// <param name="path">The file as its reader was given it; null for a stream or for data made by a program.</param>
    /// <param name="line">The line, counted from 1; 0 if the data comes from no text.</param>
    /// <param name="column">
    /// The column, counted in bytes from 1; 0 if the fault is of the line as a whole. One past the line's end where
    /// something is missing.
    /// </param>
    /// <param name="innerException">What led here, if anything did.</param>
    public DataFormatException(
        string problem, string? path = null, int line = 0, int column = 0, Exception? innerException = null)
        : base(Place(path, line, column) + problem, innerException)
    {
        Path = path;
        Line = line;
        Column = column;
    }

    /// <summary>The file as its reader was given it; null for a stream or for data made by a program.</summary>
    public string? Path { get; }

    /// <summary>The line, counted from 1; 0 if the data comes from no text.</summary>
    public int Line { get; }

    /// <summary>The column, counted in bytes from 1; 0 if the fault is of the line as a whole.</summary>
    public int Column { get; }

    /// <summary>The place as compilers and editors write it: <c>file(line,column): </c>.</summary>
    private static string Place(string? path, int line, int column) => (path, line, column) switch
    {
        (null, 0, _) => "",
        (null, _, 0) => string.Create(CultureInfo.InvariantCulture, $"line {line}: "),
        (null, _, _) => string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}: "),
        (_, 0, _) => $"{path}: ",
        (_, _, 0) => string.Create(CultureInfo.InvariantCulture, $"{path}({line}): "),
        _ => string.Create(CultureInfo.InvariantCulture, $"{path}({line},{column}): "),
    };
}
