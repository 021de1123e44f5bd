using System.Collections.Concurrent;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>
/// A lambda traced once, and compiled to kernels that give its value, its Jacobian, and gradients through it, over
/// batches.
/// </summary>
/// <remarks>
/// <para>
/// Layout: elements one after another, each as its type stores it (see the types). A Jacobian is row-major, a row for
/// each number of the result (for a group element, of its tangent), a column for each tangent coordinate of each
/// argument in order (see <see cref="WithRespectTo"/>); row arrays and tables have none. With a result of rows, each
/// row has its own Jacobian.
/// </para>
/// <para>
/// Accuracy: elementary functions within 2 ulp (pow 4) in the documented ranges |sin, cos, tan argument| ≤ 1e5 (float
/// 8192), exp argument ≤ 708 (float 87), normal positive numbers for log and pow, all but the greatest for atan2; an
/// element beyond is computed with <see cref="Math"/>, its neighbours in the batch are not. NaN in an element reaches
/// only that element's results. Simplification folds x·0 and x − x to 0;
/// products join sums in one rounding (x·x − y·y of equal x and y may be a rounding error and not 0). Group elements are
/// taken as given: a quaternion that is not of norm 1 is no error and gives no rotation; normalise in the lambda.
/// </para>
/// <para>
/// Immutable and safe from several threads, each call with results of its own. Outputs must not overlap inputs. A call
/// allocates only handles, not numbers, after the first. The same inputs, back-end and width give the same bits.
/// </para>
/// </remarks>
public sealed partial class Function
{
    private readonly FunctionTrace _trace;
    private readonly CompilerOptions _options;
    private readonly bool[] _tiled;
    private readonly Parameter[] _variables;
    private readonly ConcurrentDictionary<(FunctionPart, Precision), Lazy<object>> _kernels = new();

    private Function(FunctionTrace trace, CompilerOptions? options, bool[]? tiled = null, Parameter[]? variables = null)
    {
        _trace = trace;
        _options = options ?? CompilerOptions.Default;
        _tiled = tiled ?? new bool[trace.Parameters.Count];
        _variables = variables ?? trace.Parameters.Where(parameter => parameter.IsDifferentiable).ToArray();
    }

    /// <summary>How many numbers one element of each argument has; for a row array, one row of it.</summary>
    public IReadOnlyList<int> ArgumentLengths => _trace.Parameters.Select(parameter => parameter.Length).ToArray();

    /// <summary>How many numbers the result stores; for rows, one row of it.</summary>
    public int ResultLength => _trace.Result.Length;

    /// <summary>How many rows a Jacobian has: the tangent length of the result.</summary>
    public int JacobianRows => _trace.ResultKind.TangentLength;

    /// <summary>How many columns a Jacobian has: the tangent lengths of what it is taken by, added up.</summary>
    public int JacobianColumns => _variables.Sum(variable => variable.Kind.TangentLength);

    internal FunctionTrace Trace => _trace;

    /// <summary>
    /// The same function, with the Jacobian by some arguments only. Without this it is by all but row arrays and
    /// tables.
    /// </summary>
    /// <param name="parameters">The places of those parameters, in the order of their columns.</param>
    /// <exception cref="ArgumentException">A place does not exist, or is a row array or a table.</exception>
    public Function WithRespectTo(params ReadOnlySpan<int> parameters)
    {
        var variables = new List<Parameter>();
        foreach (int parameter in parameters)
        {
            if ((uint)parameter >= (uint)_tiled.Length || !_trace.Parameters[parameter].IsDifferentiable)
                throw new ArgumentException(
                    $"Parameter {parameter} is not one that a Jacobian can be by: there are {_tiled.Length}, and row arrays " +
                    "and tables have gradients only.");
            variables.Add(_trace.Parameters[parameter]);
        }

        return new(_trace, _options, _tiled, variables.ToArray());
    }

    /// <summary>The same function, taking some arguments in lane order.</summary>
    /// <param name="parameters">The places of those parameters; see <see cref="Tile{T}"/>.</param>
    /// <exception cref="ArgumentException">A place does not exist.</exception>
    /// <exception cref="NotSupportedException">The function has rows or tables.</exception>
    public Function WithTiled(params ReadOnlySpan<int> parameters)
    {
        if (UsesStages)
            throw new NotSupportedException("A function of rows or tables takes no tiled arguments.");
        var tiled = new bool[_tiled.Length];
        foreach (int parameter in parameters)
        {
            if ((uint)parameter >= (uint)tiled.Length)
                throw new ArgumentException($"Parameter {parameter} does not exist: there are {tiled.Length}.");
            tiled[parameter] = true;
        }

        return new(_trace, _options, tiled, _variables);
    }

    /// <summary>Puts arguments into lane order, once for many calls.</summary>
    /// <typeparam name="T">double or float.</typeparam>
    /// <param name="arguments">The elements of the tiled parameters, in order; all of one count.</param>
    /// <exception cref="ArgumentException">Counts do not fit.</exception>
    public unsafe TiledArguments<T> Tile<T>(params ReadOnlySpan<ReadOnlyMemory<T>> arguments)
        where T : unmanaged
    {
        Parameter[] parameters = _trace.Parameters.Where(parameter => _tiled[parameter.Index]).ToArray();
        if (arguments.Length != parameters.Length)
            throw new ArgumentException(
                $"The function has {parameters.Length} tiled parameters; {arguments.Length} arguments were given.");
        int lanes = KernelOf<T>(FunctionPart.Value).Lanes;
        int count = parameters.Length == 0 ? 0 : arguments[0].Length / parameters[0].Length;
        var tile = new TiledArguments<T>(count, parameters.Sum(parameter => parameter.Length), lanes);
        int column = 0;
        for (int k = 0; k < parameters.Length; k++)
        {
            if (arguments[k].Length != (long)count * parameters[k].Length)
                throw new ArgumentException(
                    $"Tiled argument {k}: expected {count} elements of {parameters[k].Length} numbers, " +
                    $"found {arguments[k].Length} numbers.");
            fixed (T* source = arguments[k].Span, target = tile.Data)
                for (int block = 0; block < tile.Blocks; block++)
                {
                    int start = block * lanes;
                    var columns = new ColumnSource<T>((nint)source, parameters[k].Length, 0, parameters[k].Length);
                    columns.Gather(start, Math.Min(lanes, count - start), lanes,
                        target + ((((nint)block * tile.Columns) + column) * lanes));
                }

            column += parameters[k].Length;
        }

        return tile;
    }

    /// <summary>The value of each element of a batch.</summary>
    /// <param name="arguments">One for each parameter.</param>
    /// <param name="values">
    /// Receives <see cref="ResultLength"/> numbers an element (times the rows, for a result of rows).
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit; the message names the argument.</exception>
    public void Evaluate(ReadOnlySpan<Argument<double>> arguments, Span<double> values) =>
        EvaluateIn(arguments, values);

    /// <inheritdoc cref="Evaluate(ReadOnlySpan{Argument{double}}, Span{double})"/>
    public void Evaluate(ReadOnlySpan<Argument<float>> arguments, Span<float> values) => EvaluateIn(arguments, values);

    /// <summary>The value and the Jacobian of each element of a batch.</summary>
    /// <param name="arguments">One for each parameter.</param>
    /// <param name="values">Receives the values; empty to drop them.</param>
    /// <param name="jacobian">
    /// Receives <see cref="JacobianRows"/> × <see cref="JacobianColumns"/> numbers an element, row-major.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit; the message names the argument.</exception>
    public void Jacobian(ReadOnlySpan<Argument<double>> arguments, Span<double> values, Span<double> jacobian) =>
        JacobianIn(arguments, values, jacobian);

    /// <inheritdoc cref="Jacobian(ReadOnlySpan{Argument{double}}, Span{double}, Span{double})"/>
    public void Jacobian(ReadOnlySpan<Argument<float>> arguments, Span<float> values, Span<float> jacobian) =>
        JacobianIn(arguments, values, jacobian);

    /// <summary>
    /// The vector-Jacobian product: the gradients, by every argument, of the result weighted with cotangents. For a row
    /// array and a table too.
    /// </summary>
    /// <param name="arguments">One for each parameter.</param>
    /// <param name="cotangents">
    /// The gradient by the result (by its tangent, for a group element): as many as the values.
    /// </param>
    /// <param name="gradients">
    /// For each argument, receives the tangent length of it an element, also where one element serves the batch (add
    /// those up); for a row array, as many as rows × columns an element. For a table, the gradient is added to as many
    /// numbers as the argument has. Empty to drop one.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit; the message names the argument.</exception>
    public void Gradient(
        ReadOnlySpan<Argument<double>> arguments, ReadOnlyMemory<double> cotangents,
        params ReadOnlySpan<Memory<double>> gradients) =>
        GradientIn(arguments, cotangents, gradients);

    /// <inheritdoc cref="Gradient(ReadOnlySpan{Argument{double}}, ReadOnlyMemory{double},
    /// ReadOnlySpan{Memory{double}})"/>
    public void Gradient(
        ReadOnlySpan<Argument<float>> arguments, ReadOnlyMemory<float> cotangents,
        params ReadOnlySpan<Memory<float>> gradients) =>
        GradientIn(arguments, cotangents, gradients);

    /// <summary>What the kernel of a part came out as; compiles it if need be.</summary>
    /// <param name="part">The part.</param>
    /// <param name="precision">The number format.</param>
    public KernelReport Report(FunctionPart part, Precision precision = Precision.Double) =>
        precision == Precision.Double ? KernelOf<double>(part).Report : KernelOf<float>(part).Report;

    private bool UsesStages => _trace.Parameters.Any(parameter => parameter.IsRows || parameter.IsTable);

    private IPartKernel<T> KernelOf<T>(FunctionPart part)
        where T : unmanaged
    {
        Lazy<object> kernel = _kernels.GetOrAdd((part, NumberFormat.Of<T>().Precision),
            key => new(() => Compile<T>(key.Item1)));
        return (IPartKernel<T>)kernel.Value;
    }

    private IPartKernel<T> Compile<T>(FunctionPart part)
        where T : unmanaged
    {
        FunctionProgram program = FunctionPrograms.Make(_trace, part, _variables);
        return UsesStages
            ? new StagedKernel<T>(_trace, program, _options)
            : new FlatKernel<T>(_trace, program, _tiled, _options);
    }
}
