"""Where should our agents run, and when does that answer change: the flow of the tool.

    data/*.yaml -> Catalog            what things cost, since when, who says so
    form, file, link -> Scenario      what the team says: points or ranges
        Scenario -> Inputs            plain numbers or NumPy arrays of them
        -> Bill per Option            line items: quantity x price, each with its working
            -> CostOfOwnership        bills over the months, plus build, delay and exit
                -> analysis           break-even, flip points, odds, what to measure next
        -> Answers -> Verdict         the four questions, walked through data/framework.yaml
            -> Recommendation         the only room that sees rules and money together
                -> page | report | command line

Everything below the page is a pure function of (scenario, catalog, framework, as_of).
"""
