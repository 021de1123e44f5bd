using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace TheseusSharp.Cli.Commands;

/// <summary>Options and arguments whose errors say what was expected and what was found.</summary>
internal static class Symbols
{
    /// <summary>One of several words; the first is the default.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="choices">The words and what they mean.</param>
    public static Option<T> Choice<T>(string name, string description, params (string Word, T Meaning)[] choices)
    {
        string words = string.Join('|', choices.Select(choice => choice.Word));
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = words,
            CustomParser = result =>
            {
                foreach ((string word, T meaning) in choices)
                    if (word == result.Tokens[0].Value)
                        return meaning;
                result.AddError($"{name}: expected {words}, found '{result.Tokens[0].Value}'.");
                return default;
            },
        };
        option.CompletionSources.Add([.. choices.Select(choice => choice.Word)]);
        return option;
    }

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> WholeNumber(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            const NumberStyles digits = NumberStyles.AllowLeadingSign;
            if (int.TryParse(Word(result), digits, CultureInfo.InvariantCulture, out int number) &&
                number >= least && number <= most)
                return number;
            result.AddError(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: expected a whole number from {least} to {most}, found '{Word(result)}'."));
            return default;
        },
    };

    /// <summary>A number in [0, 1].</summary>
    public static Option<double> Share(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "P",
        CustomParser = result =>
        {
            if (double.TryParse(Word(result), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) &&
                number is >= 0 and <= 1)
                return number;
            result.AddError($"{name}: expected a number from 0 to 1, found '{Word(result)}'.");
            return default;
        },
    };

    /// <summary>An option that takes the path of a file to write.</summary>
    public static Option<string> OutputPath(string name, string description, string helpName)
    {
        var option = new Option<string>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result => RequireNotEmpty(result, result.Tokens, name));
        return option;
    }

    /// <summary>An argument that is the path of a file.</summary>
    public static Argument<string> Path(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result => RequireNotEmpty(result, result.Tokens, name));
        return argument;
    }

    private static void RequireNotEmpty(SymbolResult result, IReadOnlyList<Token> tokens, string name)
    {
        if (tokens.Any(token => token.Value.Length == 0))
            result.AddError($"{name}: expected the path of a file, found an empty word.");
    }

    private static string Word(ArgumentResult result) => result.Tokens[0].Value;
}
