using System.Globalization;
using System.Text.Json;
using TheseusSharp.Benchmarks.Reports;

namespace TheseusSharp.Benchmarks;

/// <summary>Compares counts with those that were committed: a count that is higher is a change for the worse.</summary>
internal static class CountsGate
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Where they are.</summary>
    private static string File => Path.Combine(Repository.Root, "benchmarks", "counts.json");

    /// <summary>Compares, or writes.</summary>
    /// <param name="writes">Whether the counts replace those that were committed.</param>
    /// <returns>The exit code: 1 where a count got worse.</returns>
    public static int Run(bool writes)
    {
        SortedDictionary<string, double> counts = CountsReport.Count();
        SortedDictionary<string, double> committed = Read();
        if (writes)
        {
            foreach ((string name, double count) in counts)
                committed[name] = count;
            System.IO.File.WriteAllText(File, JsonSerializer.Serialize(committed, s_json) + "\n");
            Console.WriteLine($"{counts.Count} counts written to {File}");
            return 0;
        }

        int worse = 0, compared = 0;
        foreach ((string name, double count) in counts)
        {
            if (!committed.TryGetValue(name, out double before))
            {
                Console.WriteLine($"  new     {name}: {Text(count)}");
                continue;
            }

            compared++;
            if (count > before)
                worse++;
            if (count != before)
                Console.WriteLine(
                    $"  {(count > before ? "WORSE " : "better")}  {name}: {Text(count)}, committed {Text(before)}");
        }

        int missing = committed.Keys.Count(name => !counts.ContainsKey(name));
        Console.WriteLine(
            $"{compared} counts compared with {Path.GetFileName(File)}, {worse} worse; " +
            $"{missing} of it need data or a vector width that are not here.");
        if (worse == 0)
            return 0;
        Console.WriteLine(
            "A count got worse. Where that is intended, say why in the commit and update the file: " +
            "dotnet run -c Release --project benchmarks/TheseusSharp.Benchmarks -- counts --write");
        return 1;
    }

    private static SortedDictionary<string, double> Read() => System.IO.File.Exists(File)
        ? JsonSerializer.Deserialize<SortedDictionary<string, double>>(System.IO.File.ReadAllText(File))!
        : new(StringComparer.Ordinal);

    private static string Text(double count) => count.ToString("#,0.##", CultureInfo.InvariantCulture);
}
