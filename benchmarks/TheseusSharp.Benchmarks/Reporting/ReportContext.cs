using System.Text;

namespace TheseusSharp.Benchmarks.Reporting;

/// <summary>How long a report may take.</summary>
internal enum Effort
{
    /// <summary>Everything once, small, to see that it runs.</summary>
    Smoke,

    /// <summary>What the suite has time for.</summary>
    Quick,

    /// <summary>All cases.</summary>
    Full,
}

/// <summary>What a report is given: options, and where to write.</summary>
internal sealed class ReportContext(TextWriter output, Effort effort, string? only = null)
{
    private readonly List<object> _parts = [];

    /// <summary>How long it may take.</summary>
    public Effort Effort { get; } = effort;

    /// <summary>The only case to run; null for all.</summary>
    public string? Only { get; } = only;

    /// <summary>What was thrown away, and why.</summary>
    public List<string> Discarded { get; } = [];

    /// <summary>Whether a case is to be run.</summary>
    public bool Wants(string name) => Only is null || Only == name;

    /// <summary>One of three, by the effort.</summary>
    public T Choose<T>(T smoke, T quick, T full) => Effort switch
    {
        Effort.Smoke => smoke,
        Effort.Quick => quick,
        _ => full,
    };

    /// <summary>Starts a table.</summary>
    public Table NewTable(string title, params string[] columns)
    {
        var table = new Table(output, title, columns);
        _parts.Add(table);
        return table;
    }

    /// <summary>Says something, here and in the results.</summary>
    public void Say(string line)
    {
        output.WriteLine("  " + line);
        _parts.Add(line);
    }

    /// <summary>Says that numbers are thrown away.</summary>
    public void Discard(string what)
    {
        output.WriteLine("  discarded: " + what);
        Discarded.Add(what);
    }

    /// <summary>All that was printed, for a Markdown file.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        for (int k = 0; k < _parts.Count; k++)
            if (_parts[k] is Table table)
                text.AppendLine(table.ToMarkdown());
            else
                text.AppendLine($"- {_parts[k]}".TrimEnd())
                    .Append(k + 1 < _parts.Count && _parts[k + 1] is not Table ? string.Empty : "\n");
        return text.ToString();
    }
}
