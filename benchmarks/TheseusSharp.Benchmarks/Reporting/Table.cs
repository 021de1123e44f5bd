using System.Text;

namespace TheseusSharp.Benchmarks.Reporting;

/// <summary>A table that is printed row by row as it grows, and written as Markdown in the end.</summary>
internal sealed class Table
{
    private readonly TextWriter _out;
    private readonly int[] _widths;
    private readonly List<string[]> _rows = [];
    private readonly string[] _columns;

    /// <summary>Prints the head.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="title">The title; may be empty.</param>
    /// <param name="columns">The names of the columns; the first aligned to the left, the others to the right.</param>
    public Table(TextWriter output, string title, string[] columns)
    {
        _out = output;
        _columns = columns;
        Title = title;
        _widths = [.. columns.Select((column, k) => Math.Max(column.Length, k == 0 ? 26 : 9))];
        if (title.Length > 0)
            output.WriteLine(title);
        Print(columns);
    }

    /// <summary>The title.</summary>
    public string Title { get; }

    /// <summary>Adds a row.</summary>
    public void Add(params string[] cells)
    {
        _rows.Add(cells);
        Print(cells);
    }

    /// <summary>The table for a Markdown file.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        if (Title.Length > 0)
            text.AppendLine(Title).AppendLine();
        text.AppendLine("| " + string.Join(" | ", _columns) + " |");
        text.AppendLine("|" + string.Join("|", _columns.Select((_, k) => k == 0 ? "---" : "---:")) + "|");
        foreach (string[] row in _rows)
            text.AppendLine("| " + string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|"))) + " |");
        return text.ToString();
    }

    private void Print(string[] cells)
    {
        IEnumerable<string> padded = cells.Select(
            (cell, k) => k == 0 ? cell.PadRight(_widths[k]) : cell.PadLeft(_widths[Math.Min(k, _widths.Length - 1)]));
        _out.WriteLine("  " + string.Join("  ", padded).TrimEnd());
        _out.Flush();
    }
}
