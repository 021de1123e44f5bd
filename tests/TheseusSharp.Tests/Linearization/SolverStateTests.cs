using TheseusSharp.Geometry;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Modelling;
using static TheseusSharp.Tests.Modelling.Refusals;

namespace TheseusSharp.Tests.Linearization;

/// <summary>Elements of a batch, on their way into a solver and back.</summary>
public class SolverStateTests
{
    private readonly Variable<Vector<Scalar>> _x = Variable.Vector("x", 2);
    private readonly Variable<Scalar> _shared = Variable.Scalar("shared");
    private readonly Variable<Scalar> _held = Variable.Scalar("held", VariableRole.Constant);
    private readonly Problem _problem;

    public SolverStateTests()
    {
        var objective = new Objective();
        objective.Add(_held, _x, _shared, (held, x, shared) => held * (x - new Vector<Scalar>(shared, shared)));
        _problem = objective.Compile();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)]
    public void Every_element_has_its_own_objective(int batch)
    {
        Values values = ValuesOf(batch);

        for (int element = 0; element < batch; element++)
        {
            double first = (2 * element) - 5, second = (2 * element) - 4;
            double expected = 0.5 * (element + 1) * (element + 1) * ((first * first) + (second * second));
            Assert.Equal(expected, Evaluation.Objective(_problem, values, element));
        }
    }

    [Fact]
    public void Storing_changes_what_is_optimised_in_one_element()
    {
        Values values = ValuesOf(3);
        var state = new SolverState(_problem);
        state.Load(values, 1);
        foreach (Variable variable in _problem.Variables)
            state.Of(_problem.NumberOf(variable)).Fill(-7);

        state.Store(values, 1);

        Assert.Equal([5, -7, 5], Enumerable.Range(0, 3).Select(element => values.Get(_shared, element)));
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(element => values.Get(_held, element)));
        Assert.Equal(
            [0, 1, -7, -7, 4, 5],
            Enumerable.Range(0, 3).SelectMany(element => values.Get<Vector<Float64>>(_x, element).AsSpan().ToArray())
                .Select(x => x.Value));
    }

    [Fact]
    public void A_copy_is_of_all_kinds()
    {
        SolverState state = new(_problem), copy = new(_problem);
        state.Load(ValuesOf(1), 0);

        copy.CopyFrom(state);
        state.Of(0).Fill(9);

        Assert.Equal([0, 1], copy.Of(_problem.NumberOf(_x)));
        Assert.Equal([5], copy.Of(_problem.NumberOf(_shared)));
    }

    [Fact]
    public void A_missing_value_is_named()
    {
        var values = new Values();
        values.Set(_x, 0, 0);
        values.Set(_held, 1);

        Refuses<ArgumentException>(() => new SolverState(_problem).Load(values, 0), "'shared'", "Values.Set");
    }

    /// <summary>x counts up, held is 1, 2, …, shared is 5 in all elements.</summary>
    private Values ValuesOf(int batch)
    {
        var values = new Values(batch);
        values.Set(_x, [.. Enumerable.Range(0, 2 * batch).Select(k => (double)k)]);
        values.Set(_held, [.. Enumerable.Range(1, batch).Select(k => (double)k)]);
        values.Set(_shared, 5);
        return values;
    }
}
