using System.Globalization;
using System.Text.Json;
using TheseusSharp.Benchmarks.Reporting;

namespace TheseusSharp.Benchmarks;

/// <summary>The ratios that were reached once, and whether they still are.</summary>
internal static class Baseline
{
    private const int Rounds = 3;

    /// <summary>By what share a ratio may fall.</summary>
    private const double Tolerance = 0.1;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    private static string File => Path.Combine(Repository.Root, "benchmarks", "baseline.json");

    /// <summary>Writes the ratios of minima of a run.</summary>
    public static void Write(IEnumerable<Row> rows)
    {
        var ratios = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (Row row in rows.Where(row => row.Verdict is Verdict.Met or Verdict.Missed))
            ratios[row.Name] = Math.Round(row.OfMinima, 3);
        System.IO.File.WriteAllText(File, JsonSerializer.Serialize(ratios, s_json) + "\n");
        Console.WriteLine($"{ratios.Count} ratios written to {File}");
    }

    /// <summary>
    /// Measures again, up to three times: a ratio that is worse than the baseline by more than a tenth in all three has
    /// got worse.
    /// </summary>
    /// <returns>The exit code: 1 where one has, 2 where nothing could be compared.</returns>
    public static int Gate(Effort effort)
    {
        if (!System.IO.File.Exists(File))
        {
            Console.WriteLine($"{File} is not there: suite --baseline writes it.");
            return 2;
        }

        var baseline = JsonSerializer.Deserialize<SortedDictionary<string, double>>(System.IO.File.ReadAllText(File))!;
        HashSet<string> worse = [.. baseline.Keys], measured = [];
        IReadOnlyList<IReport> reports = [.. Suite.Reports.Where(report => baseline.Keys.Any(
            name => name.StartsWith(report.Name + " ", StringComparison.Ordinal)))];
        for (int round = 0; round < Rounds && worse.Count > 0; round++)
        {
            Console.WriteLine($"-- round {round + 1} of {Rounds}");
            var found = new HashSet<string>();
            var left = new List<IReport>();
            foreach (IReport report in reports)
            {
                Row[] rows =
                    [.. Suite.Run(report, effort).Rows.Where(row => worse.Contains(row.Name) && IsMeasured(row))];
                string[] names =
                    [.. rows.Where(row => IsWorse(row, baseline[row.Name])).Select(row => row.Name)];
                measured.UnionWith(rows.Select(row => row.Name));
                found.UnionWith(names);
                if (names.Length > 0)
                    left.Add(report);
            }

            (worse, reports) = (found, left);
        }

        // A peer that is not built, or a shorter run, must not pass for a good one.
        foreach (string name in baseline.Keys.Where(name => !measured.Contains(name)))
            Console.WriteLine($"NOT MEASURED: {name}");
        if (measured.Count == 0)
            return 2;
        foreach (string name in worse)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"WORSE in {Rounds} rounds: {name}, the baseline is {baseline[name]:F2}"));
        Console.WriteLine(worse.Count == 0 ? $"none of {measured.Count} ratios got worse"
            : "Where that is intended, say why in the commit; suite --baseline writes a new baseline.");
        return worse.Count == 0 ? 0 : 1;
    }

    private static bool IsMeasured(Row row) => row.Verdict is Verdict.Met or Verdict.Missed;

    private static bool IsWorse(Row row, double baseline) => row.AtMost
        ? row.OfMinima > baseline * (1 + Tolerance) : row.OfMinima < baseline * (1 - Tolerance);
}
