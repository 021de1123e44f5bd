namespace TheseusSharp.Benchmarks.Reporting;

/// <summary>One report of the suite: a command of this program, a section of the results.</summary>
internal interface IReport
{
    /// <summary>The word of the command line.</summary>
    string Name { get; }

    /// <summary>What is measured, how, and against whom: the head of the section.</summary>
    string Description { get; }

    /// <summary>Measures, printing tables as it goes.</summary>
    /// <param name="context">Options, and where tables go.</param>
    /// <returns>The figures that something is wanted of, and those worth keeping beside them.</returns>
    IReadOnlyList<Row> Run(ReportContext context);
}
